package dev.corvid.operator.tracker;

import dev.corvid.wire.operator.Fleet;

/** Lets tests of other packages say what a tracker told. */
public final class FleetCaches {
  private FleetCaches() {}

  public static void merge(FleetCache fleetCache, Fleet fleet) {
    fleetCache.merge(fleet);
  }

  public static void connect(FleetCache fleetCache) {
    fleetCache.connected();
  }
}

package dev.corvid.operator.tracker;

import dev.corvid.wire.Fleet;

/** Lets tests of other packages say what a tracker told. */
public final class FleetViews {
  private FleetViews() {}

  public static void merge(FleetView view, Fleet fleet) {
    view.merge(fleet);
  }
}

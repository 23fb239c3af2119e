package dev.corvid.operator.testing;

import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.FleetCaches;
import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A fleet of one release, as a tracker tells it. */
public final class TestFleet {
  public static final String UID = "11-22";

  private final FleetCache fleetCache;

  public TestFleet(Supplier<Uptime> clock) {
    fleetCache = new FleetCache(clock);
  }

  public FleetCache fleetCache() {
    return fleetCache;
  }

  /** A tracker that these nodes speak to. */
  public TestFleet full(String... nodes) {
    return told(
        true, Arrays.stream(nodes).map(node -> new Fleet.Node(node, false)).toList(), List.of());
  }

  public TestFleet silent(String node) {
    return told(false, List.of(new Fleet.Node(node, true)), List.of());
  }

  public TestFleet reports(String node, NodeReport.State state) {
    return reports(UID, node, state, 1);
  }

  public TestFleet reports(String uid, String node, NodeReport.State state, long epoch) {
    return reports(uid, node, state, epoch, null);
  }

  public TestFleet reports(
      String uid, String node, NodeReport.State state, long epoch, String namespaceUid) {
    var report =
        new NodeReport(
            uid,
            new ReleaseName("search", "model"),
            "default",
            0,
            epoch,
            state,
            null,
            null,
            List.of(),
            0,
            0,
            0,
            0,
            0,
            null,
            null,
            0,
            null,
            namespaceUid);
    var states = List.of(new Fleet.NodeState(node, report));
    return told(false, List.of(), List.of(new Fleet.Release(uid, null, states)));
  }

  private TestFleet told(boolean full, List<Fleet.Node> nodes, List<Fleet.Release> releases) {
    FleetCaches.merge(fleetCache, new Fleet("i", 1, full, false, nodes, releases));
    return this;
  }
}

package dev.corvid.operator;

import static org.awaitility.Awaitility.await;

import dev.corvid.operator.metadata.ResourceNames;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where nodes are is the cluster's, and no release's: the tracker learns of it without any. */
class ZonesTest extends Installation {
  @AfterEach
  void unlabel() {
    cluster.node("node2", Map.of());
  }

  @Test
  void theTrackerHearsInWhichZoneANodeIsAndWhenThatChanges() {
    cluster.node("node2", Map.of(ResourceNames.ZONE, "east"));
    await().until(() -> "east".equals(tracker.zones().get("node2")));

    cluster.node("node2", Map.of(ResourceNames.ZONE, "west"));
    await().until(() -> "west".equals(tracker.zones().get("node2")));
  }
}

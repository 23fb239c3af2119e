package dev.corvid.operator.tracker;

import dev.corvid.wire.NodeReport;
import dev.corvid.wire.SeederReport;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one release: the last word of its seeder and of each node.
 *
 * @param seederReport null when there was none
 * @param nodes by node name
 */
public record ReleaseFleet(SeederReport seederReport, Map<String, NodeReport> nodes) {
  public static final ReleaseFleet EMPTY = new ReleaseFleet(null, Map.of());

  public ReleaseFleet {
    nodes = Map.copyOf(nodes);
  }

  public Optional<SeederReport> seeder() {
    return Optional.ofNullable(seederReport);
  }

  public Optional<NodeReport> of(String node) {
    return Optional.ofNullable(nodes.get(node));
  }
}

package dev.corvid.operator.tracker;

import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one release: the last word of its seeder and of each node.
 *
 * @param heard from its seeder; null when there was nothing
 * @param nodes by node name
 */
public record ReleaseFleet(Fleet.@Nullable Seeder heard, Map<String, NodeReport> nodes) {
  public static final ReleaseFleet EMPTY = new ReleaseFleet(null, Map.of());

  public ReleaseFleet {
    nodes = Map.copyOf(nodes);
  }

  public Optional<Fleet.Seeder> seeder() {
    return Optional.ofNullable(heard);
  }

  public Optional<NodeReport> of(String node) {
    return Optional.ofNullable(nodes.get(node));
  }
}

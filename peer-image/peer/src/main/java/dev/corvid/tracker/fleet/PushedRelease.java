package dev.corvid.tracker.fleet;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One release as the operator pushed it, and its seeder's last report. Of that report a node learns
 * only that it seeds, and at which port: its address and content come from the operator.
 */
final class PushedRelease {
  final String uid;
  Map<String, NodeGrant> granted = Map.of();
  Push.@Nullable Seeder seeder;
  Fleet.@Nullable Seeder heard;

  /**
   * A seeder of what the operator accepted.
   *
   * @param published whether it seeds; if not it is a replacement that asks nodes for the metainfo,
   *     and they have to connect to it, since it may be unable to reach them
   */
  record Serving(String swarm, String endpoint, boolean published) {}

  PushedRelease(String uid) {
    this.uid = uid;
  }

  /** What a node is granted that {@link GrantIndex} has for this release. */
  NodeGrant granted(String node) {
    return requireNonNull(granted.get(node), "the index has it");
  }

  /** Whether that pod is the seeder, of a content that the operator accepted in that swarm. */
  boolean isSeededBy(@Nullable String podUid, String swarm) {
    return seeder != null && seeder.podUid().equals(podUid) && swarm.equals(seeder.swarm());
  }

  /** Where the seeder serves in that swarm, or is about to; null while it does not. */
  @Nullable String seederIn(@Nullable String swarm) {
    return serving().filter(now -> now.swarm().equals(swarm)).map(Serving::endpoint).orElse(null);
  }

  Optional<Serving> serving() {
    if (seeder == null
        || heard == null
        || seeder.address() == null
        || seeder.infoHash() == null
        || seeder.swarm() == null) {
      return Optional.empty();
    }
    SeederReport report = heard.report();
    Publication publication = report.publication();
    boolean published = report.state() == SeederReport.State.SEEDING;
    if (published && publication != null
        ? !publication.content().infoHash().equals(seeder.infoHash())
        : report.state() != SeederReport.State.FETCHING) {
      return Optional.empty();
    }
    String endpoint = new Endpoint(seeder.address(), report.port()).toString();
    return Optional.of(new Serving(seeder.swarm(), endpoint, published));
  }

  /** The nodes that are to hear of a seeder that did not serve like that before. */
  Set<String> learning(Optional<Serving> before) {
    Set<String> nodes = new HashSet<>();
    Optional<Serving> now = serving();
    if (now.isPresent() && !now.equals(before)) {
      granted.forEach(
          (node, grant) -> {
            if (Objects.equals(grant.swarm(), now.get().swarm())) {
              nodes.add(node);
            }
          });
    }
    return nodes;
  }
}

package dev.corvid.operator.release;

import dev.corvid.operator.release.grant.OrphanCollector;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.release.watch.ReleaseWatch;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs once a minute over all releases. Nodes that report a release that no longer exists are told
 * to remove it, and state kept for nodes and releases that are gone is dropped.
 */
public final class ReleaseSweep {
  private final ReleaseWatch watch;
  private final FleetCache fleetCache;
  private final RankCheck ranks;
  private final OrphanCollector orphans;
  private final ActiveRevisionLabels revisionLabels;
  private final List<Consumer<Set<String>>> memories;
  private final Supplier<Uptime> clock;

  /**
   * @param memories each is told the uids of the releases that exist, and forgets the others
   */
  ReleaseSweep(
      ReleaseWatch watch,
      FleetCache fleetCache,
      RankCheck ranks,
      OrphanCollector orphans,
      ActiveRevisionLabels revisionLabels,
      List<Consumer<Set<String>>> memories,
      Supplier<Uptime> clock) {
    this.watch = watch;
    this.fleetCache = fleetCache;
    this.ranks = ranks;
    this.orphans = orphans;
    this.revisionLabels = revisionLabels;
    this.memories = List.copyOf(memories);
    this.clock = clock;
  }

  public void run() {
    ReleaseInformers informers = watch.informers();
    fleetCache.retainNodes(informers.nodes().names());
    ranks.retain(uid -> !fleetCache.of(uid).nodes().isEmpty());
    informers.serving().refresh();
    memories.forEach(memory -> memory.accept(watch.uids()));
    orphans.sweep(informers.releases(), informers.nodes().all().size(), clock.get());
    if (watch.namespaces().isEmpty()) {
      revisionLabels.sweep(informers); // else a release may exist that is not seen
    }
  }
}

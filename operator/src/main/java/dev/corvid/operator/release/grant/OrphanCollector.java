package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.log.LogFields;
import dev.corvid.log.LogKey;
import dev.corvid.log.ReleaseLog;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.rollout.RemovalRate;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Push;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Releases that nodes report and nobody knows: deleted while a node was away. The nodes are told to
 * remove them, with care, because a mistake here would delete content everywhere:
 *
 * <ul>
 *   <li>the definition of SwarmReleases stands, and stood when the node was granted the release
 *   <li>no release of that name exists: a re-created one takes the directory over
 *   <li>the namespace is one that this operator watches
 *   <li>at most a tenth of the nodes, rounded up, are told within a minute
 *   <li>few releases are told of at a time, for each node and in all: what nodes report is in
 *       memory here
 *   <li>whether files go or stay is what the node was told last: the release's policy went with it
 * </ul>
 */
public final class OrphanCollector {
  /** Of all of them together: what nodes report is of any number. */
  private final ReleaseLog log = ReleaseLog.of(OrphanCollector.class);

  private final FleetCache fleetCache;
  private final TrackerOutbox outbox;
  private final Supplier<SigningKey> key;
  private final RankCheck ranks;
  private final Supplier<Optional<Instant>> standingSince;
  private final Bounds bounds;
  private final InstantSource clock;
  private final RemovalRate rate = new RemovalRate();

  /**
   * @param watched namespaces that are watched; empty for all
   * @param perNode releases that one node is told to remove at a time; the others follow when those
   *     are gone
   * @param inAll releases that are told of at a time
   */
  public record Bounds(Set<String> watched, int perNode, int inAll) {
    public Bounds(Set<String> watched) {
      this(watched, 64, 8192);
    }

    boolean watches(String namespace) {
      return watched.isEmpty() || watched.contains(namespace);
    }
  }

  /**
   * @param standingSince when the definition of SwarmReleases was made; empty when there is none
   */
  public OrphanCollector(
      FleetCache fleetCache,
      TrackerOutbox outbox,
      Supplier<SigningKey> key,
      RankCheck ranks,
      Supplier<Optional<Instant>> standingSince,
      Bounds bounds,
      InstantSource clock) {
    this.fleetCache = fleetCache;
    this.outbox = outbox;
    this.key = key;
    this.ranks = ranks;
    this.standingSince = standingSince;
    this.bounds = bounds;
    this.clock = clock;
  }

  /**
   * Looks at all that is reported.
   *
   * @param releases every release that exists, from a synced cache
   * @param nodeCount of the cluster
   * @param now for how many nodes may be told within a minute
   */
  public synchronized void sweep(List<SwarmRelease> releases, int nodeCount, Uptime now) {
    Set<String> known =
        releases.stream().map(r -> r.getMetadata().getUid()).collect(Collectors.toSet());
    List<String> orphans =
        fleetCache.releaseUids().stream().filter(uid -> !known.contains(uid)).sorted().toList();
    if (orphans.isEmpty()) {
      return;
    }
    Set<ReleaseName> names =
        releases.stream().map(ResourceNames::nameOf).collect(Collectors.toSet());
    Optional<Instant> since = standingSince.get();
    Map<String, Integer> toldByNode = new HashMap<>();
    int told = 0;
    for (String uid : orphans) {
      Set<String> nodes = told(uid);
      nodes.forEach(node -> toldByNode.merge(node, 1, Integer::sum));
      told += nodes.isEmpty() ? 0 : 1;
    }
    for (String uid : orphans) {
      boolean isNew = told(uid).isEmpty();
      if (!isNew || told < bounds.inAll()) {
        sweep(uid, names, since, node -> mayTell(node, nodeCount, toldByNode, now));
        told += isNew && !told(uid).isEmpty() ? 1 : 0;
      }
    }
  }

  private void sweep(
      String uid, Set<ReleaseName> names, Optional<Instant> since, Predicate<String> mayTell) {
    ReleaseFleet fleet = fleetCache.of(uid);
    Map<String, NodeReport> holding =
        fleet.nodes().entrySet().stream()
            .filter(entry -> !isRemoved(entry.getValue()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    if (holding.isEmpty()) {
      outbox.forget(uid);
      if (fleet.nodes().values().stream().allMatch(report -> report.namespaceUid() == null)) {
        fleetCache.forgetRelease(
            uid); // else what was retained may be in the way of a later namespace
      }
      return;
    }
    Set<String> before = told(uid);
    Map<String, NodeReport> removable = new TreeMap<>();
    holding.forEach(
        (node, report) -> {
          boolean stood = since.filter(at -> report.epoch() >= at.toEpochMilli()).isPresent();
          boolean watches = bounds.watches(report.release().namespace());
          boolean free = !names.contains(report.release());
          if (stood && watches && free && (before.contains(node) || mayTell.test(node))) {
            removable.put(node, report);
          }
        });
    if (!removable.isEmpty()) {
      tell(uid, removable, fleet);
    }
  }

  /** Nodes that have the removal of this release before them. */
  private Set<String> told(String uid) {
    return granted(uid).stream()
        .flatMap(signed -> GrantSet.own(signed).nodes().stream())
        .collect(Collectors.toSet());
  }

  private List<SignedGrant> granted(String uid) {
    return outbox.get(uid).map(Push.Release::grants).orElse(List.of());
  }

  /** Where a node says that it holds the release: its word counts for itself alone. */
  private record Place(String root, ReleaseName name) {
    static Place of(NodeReport report) {
      return new Place(report.root(), report.release());
    }

    boolean isThatOf(SignedGrant signed) {
      Grant grant = GrantSet.own(signed);
      return root.equals(grant.root()) && name.equals(grant.release());
    }
  }

  private void tell(String uid, Map<String, NodeReport> removable, ReleaseFleet fleet) {
    Map<Place, Map<String, NodeIntent>> intents = new HashMap<>();
    removable.forEach(
        (node, report) ->
            intents
                .computeIfAbsent(Place.of(report), place -> new TreeMap<>())
                .put(node, NodeIntent.REMOVE));
    List<SignedGrant> before = granted(uid);
    RankPolicy rankPolicy =
        ranks.rankPolicy(uid, fleet, before.stream().map(GrantSet::own).toList(), clock.instant());
    List<SignedGrant> grants = new ArrayList<>();
    intents.forEach(
        (place, nodes) ->
            grants.addAll(
                new GrantSet(
                        uid,
                        place.name(),
                        SharingScope.NONE,
                        place.root(),
                        0,
                        Retention.NONE,
                        NodeLimits.NONE)
                    .issue(
                        nodes,
                        before.stream().filter(place::isThatOf).toList(),
                        GrantSet.reported(fleet),
                        rankPolicy,
                        key.get())));
    outbox.put(new Push.Release(uid, grants, null));
    grants.stream()
        .filter(signed -> !before.contains(signed))
        .map(GrantSet::own)
        .forEach(
            grant ->
                RemovalLog.ordered(log, subject(grant), List.of(grant), _ -> "ReleaseUnknown"));
  }

  private static LogFields subject(Grant grant) {
    return LogFields.of(LogKey.RELEASE, grant.release()).and(LogKey.UID, grant.releaseUid());
  }

  private boolean mayTell(String node, int nodeCount, Map<String, Integer> toldByNode, Uptime now) {
    if (toldByNode.getOrDefault(node, 0) >= bounds.perNode()
        || !rate.admits(node, nodeCount, now)) {
      return false;
    }
    toldByNode.merge(node, 1, Integer::sum);
    return true;
  }

  public static boolean isRemoved(NodeReport report) {
    return report.state() == NodeReport.State.REMOVED;
  }
}

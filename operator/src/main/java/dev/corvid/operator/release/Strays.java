package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.tracker.FleetView;
import dev.corvid.operator.tracker.Ledger;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.DeletionPolicy;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Push;
import dev.corvid.wire.ReleaseName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases that nodes report and nobody knows: deleted while a node was away. The nodes are told to
 * remove them, with care, because a mistake here would delete content everywhere:
 *
 * <ul>
 *   <li>the definition of SwarmReleases stands, and stood when the node was granted the release
 *   <li>no release of that name exists: a re-created one takes the directory over
 *   <li>the namespace is one that this operator watches
 *   <li>at most 10 % of the nodes are told within a minute
 *   <li>whether files go or stay is what the node was told last: the release's policy went with it
 * </ul>
 */
public final class Strays {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final FleetView view;
  private final Ledger ledger;
  private final Supplier<SigningKey> key;
  private final Supplier<Optional<Instant>> standingSince;
  private final Set<String> watched;
  private final InstantSource clock;
  private final Deque<Told> told = new ArrayDeque<>();

  private record Told(String node, Instant at) {}

  /**
   * @param standingSince when the definition of SwarmReleases was made; empty when there is none
   * @param watched namespaces that are watched; empty for all
   */
  Strays(
      FleetView view,
      Ledger ledger,
      Supplier<SigningKey> key,
      Supplier<Optional<Instant>> standingSince,
      Set<String> watched,
      InstantSource clock) {
    this.view = view;
    this.ledger = ledger;
    this.key = key;
    this.standingSince = standingSince;
    this.watched = watched;
    this.clock = clock;
  }

  /**
   * Looks at all that is reported.
   *
   * @param releases every release that exists, from a synced cache
   * @param nodeCount of the cluster
   */
  synchronized void sweep(List<SwarmRelease> releases, int nodeCount) {
    Set<String> known =
        releases.stream().map(r -> r.getMetadata().getUid()).collect(Collectors.toSet());
    List<String> strays =
        view.releaseUids().stream().filter(uid -> !known.contains(uid)).sorted().toList();
    if (strays.isEmpty()) {
      return;
    }
    Set<ReleaseName> names = releases.stream().map(Strays::name).collect(Collectors.toSet());
    Optional<Instant> since = standingSince.get();
    strays.forEach(uid -> sweep(uid, names, since, nodeCount));
  }

  private void sweep(String uid, Set<ReleaseName> names, Optional<Instant> since, int nodeCount) {
    ReleaseFleet fleet = view.of(uid);
    Map<String, NodeReport> holding =
        fleet.nodes().entrySet().stream()
            .filter(entry -> !Granting.isRemoved(entry.getValue()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    if (holding.isEmpty()) {
      ledger.forget(uid);
      view.forgetRelease(uid);
      return;
    }
    Set<String> before = told(uid);
    Map<String, NodeReport> removable = new TreeMap<>();
    holding.forEach(
        (node, report) -> {
          boolean stood = since.filter(at -> report.epoch() >= at.toEpochMilli()).isPresent();
          boolean watches = watched.isEmpty() || watched.contains(report.release().namespace());
          boolean free = !names.contains(report.release());
          if (stood && watches && free && (before.contains(node) || mayTell(node, nodeCount))) {
            removable.put(node, report);
          }
        });
    if (!before.containsAll(removable.keySet())) {
      LOG.warn(
          "{} is unknown here, but on {}: it is removed there",
          removable.values().iterator().next().release(),
          removable.keySet());
    }
    if (!removable.isEmpty()) {
      tell(uid, removable, fleet);
    }
  }

  /** Nodes that have the removal of this release before them. */
  private Set<String> told(String uid) {
    return ledger.get(uid).stream()
        .flatMap(release -> release.grants().stream())
        .flatMap(signed -> Grants.own(signed).nodes().stream())
        .collect(Collectors.toSet());
  }

  private void tell(String uid, Map<String, NodeReport> removable, ReleaseFleet fleet) {
    NodeReport any = removable.values().iterator().next();
    Map<String, Want> wants = new TreeMap<>();
    removable.keySet().forEach(node -> wants.put(node, Want.REMOVE));
    var grants =
        new Grants(uid, any.release(), any.root(), 0, List.of(), DeletionPolicy.DELETE)
            .issue(
                wants,
                ledger.get(uid).map(Push.Release::grants).orElse(List.of()),
                Granting.obeyed(fleet),
                clock.millis(),
                key.get());
    ledger.put(new Push.Release(uid, grants, null, null));
  }

  /** Counts the node against the minute's tenth; one that was counted may be told more. */
  private boolean mayTell(String node, int nodeCount) {
    Instant now = clock.instant();
    told.removeIf(entry -> entry.at().isBefore(now.minus(WINDOW)));
    Set<String> nodes = told.stream().map(Told::node).collect(Collectors.toSet());
    if (nodes.contains(node)) {
      return true;
    }
    if (nodes.size() >= Math.max(1, Math.ceilDiv(nodeCount, 10))) {
      return false;
    }
    told.add(new Told(node, now));
    return true;
  }

  private static ReleaseName name(SwarmRelease release) {
    return new ReleaseName(release.getMetadata().getNamespace(), release.getMetadata().getName());
  }
}

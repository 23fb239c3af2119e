package dev.corvid.operator.tracker;

import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.SharedValues;
import dev.corvid.wire.operator.Fleet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fleet in memory, as the tracker told it: soft state, whole again after the first answer of
 * any instance. What an earlier instance said of a node stays until the node has spoken to the new
 * one, so a tracker's restart makes nobody forget what is where. Of an answer in several parts,
 * reports count as they come, and what is absent counts with the last part. Thread-safe.
 */
public final class FleetCache {
  /** As many as the nodes of a large cluster, and what they hold. */
  private static final int SHARED = 1 << 14;

  private final Supplier<Uptime> clock;
  private final SharedValues shared = new SharedValues(SHARED);
  private final Map<String, Known> releases = new HashMap<>();
  private final ReleasesByName releasesByName = new ReleasesByName();
  private final Map<String, Boolean> silentByNode = new HashMap<>();
  private FleetResponse reading = new FleetResponse(false);
  private @Nullable Uptime since;
  private @Nullable Uptime lostSince;

  public FleetCache(Supplier<Uptime> clock) {
    this.clock = clock;
    this.lostSince = clock.get();
  }

  /** What a node is to the tracker. */
  public enum Contact {
    /** It has reported everything to the tracker that runs, within the last 60 s. */
    REPORTING,
    /** It has reported, but not within the last 60 s. */
    SILENT,
    /** It has not spoken to the tracker that runs. */
    UNHEARD
  }

  /** What is known of a release, and a copy of it as long as that is right. */
  private static final class Known {
    final Map<String, NodeReport> nodes = new HashMap<>();
    Fleet.@Nullable Seeder seeder;
    private @Nullable ReleaseFleet copy;

    ReleaseFleet get() {
      if (copy == null) {
        copy = new ReleaseFleet(seeder, nodes);
      }
      return copy;
    }

    void changed() {
      copy = null;
    }
  }

  /**
   * Takes an answer in, or a part of one.
   *
   * @return the releases that it concerns, once it is whole; none before
   */
  synchronized Set<String> merge(Fleet fleet) {
    if (fleet.full()) {
      reading = new FleetResponse(true);
    }
    reading.add(fleet);
    fleet.releases().forEach(this::merge);
    if (fleet.more()) {
      return Set.of();
    }
    Set<String> touched = conclude(reading);
    reading = new FleetResponse(false);
    return touched;
  }

  private void merge(Fleet.Release release) {
    Known known = releases.computeIfAbsent(release.releaseUid(), uid -> new Known());
    for (Fleet.NodeState state : release.nodes()) {
      NodeReport report = shared.of(state.report());
      NodeReport before = known.nodes.put(shared.one(state.node()), report);
      releasesByName.add(report.release(), release.releaseUid());
      if (before != null) {
        releasesByName.remove(before.release(), release.releaseUid());
      }
    }
    known.seeder = release.seeder() == null ? known.seeder : release.seeder();
    known.changed();
  }

  private Set<String> conclude(FleetResponse whole) {
    Set<String> touched = whole.releases();
    if (whole.full) {
      since = clock.get();
      silentByNode.clear();
      touched.addAll(releases.keySet());
    }
    Set<String> heardFirst = new HashSet<>();
    Set<String> otherwise = new HashSet<>();
    whole
        .silentByNode()
        .forEach(
            (node, silent) -> {
              Boolean before = silentByNode.put(node, silent);
              if (before == null) {
                heardFirst.add(node);
              } else if (!before.equals(silent)) {
                otherwise.add(node);
              }
            });
    touched.addAll(mentioning(otherwise));
    // Their reports are in this same answer: what it does not mention, they do not hold.
    for (String node : heardFirst) {
      releases.forEach(
          (uid, known) -> {
            if (!whole.mentions(uid, node) && forget(uid, known, node)) {
              touched.add(uid);
            }
          });
    }
    return touched;
  }

  private boolean forget(String releaseUid, Known known, String node) {
    NodeReport report = known.nodes.remove(node);
    if (report != null) {
      releasesByName.remove(report.release(), releaseUid);
      known.changed();
    }
    return report != null;
  }

  /** The releases that any of these nodes speaks of. */
  private Set<String> mentioning(Set<String> nodes) {
    Set<String> uids = new HashSet<>();
    releases.forEach(
        (uid, known) -> {
          if (!Collections.disjoint(known.nodes.keySet(), nodes)) {
            uids.add(uid);
          }
        });
    return uids;
  }

  /**
   * The tracker answers.
   *
   * @return whether that is news
   */
  synchronized boolean connected() {
    boolean isNews = lostSince != null;
    lostSince = null;
    return isNews;
  }

  /**
   * The tracker has not answered what it was asked then; what it said stays.
   *
   * @return whether that is news
   */
  synchronized boolean disconnected(Uptime asked) {
    boolean isNews = lostSince == null;
    lostSince = isNews ? asked : lostSince;
    return isNews;
  }

  /** Since when the tracker does not answer; empty while it does. */
  public synchronized Optional<Uptime> lostSince() {
    return Optional.ofNullable(lostSince);
  }

  /** When the tracker that runs first told everything; empty before any has. */
  public synchronized Optional<Uptime> since() {
    return Optional.ofNullable(since);
  }

  public synchronized ReleaseFleet of(String releaseUid) {
    Known known = releases.get(releaseUid);
    return known == null ? ReleaseFleet.EMPTY : known.get();
  }

  /** Every release that any node reports under that name, whichever of them exists. */
  public synchronized List<ReleaseFleet> releasesByName(ReleaseName name) {
    return releasesByName.of(name).stream().map(this::of).toList();
  }

  /** The names under which nodes report these releases. */
  public synchronized Set<ReleaseName> names(Collection<String> releaseUids) {
    return releaseUids.stream()
        .flatMap(uid -> of(uid).nodes().values().stream())
        .map(NodeReport::release)
        .collect(Collectors.toSet());
  }

  public synchronized Contact contact(String node) {
    Boolean silent = silentByNode.get(node);
    return silent == null ? Contact.UNHEARD : silent ? Contact.SILENT : Contact.REPORTING;
  }

  /** Every release that any node or seeder speaks of. */
  public synchronized Set<String> releaseUids() {
    return Set.copyOf(releases.keySet());
  }

  /** Silent nodes that no longer exist are forgotten, with all that they said. */
  public synchronized void retainNodes(Set<String> existing) {
    Set<String> gone = new HashSet<>();
    silentByNode.forEach(
        (node, silent) -> {
          if (silent && !existing.contains(node)) {
            gone.add(node);
          }
        });
    releases.forEach((uid, known) -> gone.forEach(node -> forget(uid, known, node)));
    silentByNode.keySet().removeAll(gone);
  }

  /** Nothing will ask for this release again. */
  public synchronized void forgetRelease(String releaseUid) {
    Known known = releases.remove(releaseUid);
    if (known != null) {
      known.nodes.values().forEach(report -> releasesByName.remove(report.release(), releaseUid));
    }
  }
}

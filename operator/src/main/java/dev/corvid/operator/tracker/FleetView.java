package dev.corvid.operator.tracker;

import dev.corvid.wire.Fleet;
import dev.corvid.wire.NodeReport;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fleet in memory, as the tracker told it: soft state, whole again after the first answer of
 * any instance. What an earlier instance said of a node stays until the node has spoken to the new
 * one, so a tracker's restart makes nobody forget what is where. Thread-safe.
 */
public final class FleetView {
  private final Clock clock;
  private final Map<String, ReleaseFleet> releases = new HashMap<>();
  private final Map<String, Boolean> silentByNode = new HashMap<>();
  private Instant since;
  private Instant lostSince;

  public FleetView(Clock clock) {
    this.clock = clock;
    this.lostSince = clock.instant();
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

  /**
   * Takes an answer in.
   *
   * @return the releases that it concerns
   */
  synchronized Set<String> merge(Fleet fleet) {
    Set<String> touched = new HashSet<>();
    if (fleet.full()) {
      since = clock.instant();
      silentByNode.clear();
      touched.addAll(releases.keySet());
    }
    Set<String> heardFirst = new HashSet<>();
    Set<String> otherwise = new HashSet<>();
    for (Fleet.Node node : fleet.nodes()) {
      Boolean before = silentByNode.put(node.name(), node.silent());
      if (before == null) {
        heardFirst.add(node.name());
      } else if (before != node.silent()) {
        otherwise.add(node.name());
      }
    }
    touched.addAll(mentioning(otherwise));
    // Their reports are in this same answer: what it does not mention, they do not hold.
    touched.addAll(forget(heardFirst));
    for (Fleet.Release release : fleet.releases()) {
      merge(release);
      touched.add(release.releaseUid());
    }
    return touched;
  }

  private void merge(Fleet.Release release) {
    ReleaseFleet before = of(release.releaseUid());
    Map<String, NodeReport> nodes = new HashMap<>(before.nodes());
    release.nodes().forEach(state -> nodes.put(state.node(), state.report()));
    Fleet.Seeder seeder = release.seeder() == null ? before.heard() : release.seeder();
    releases.put(release.releaseUid(), new ReleaseFleet(seeder, nodes));
  }

  private Set<String> forget(Set<String> nodes) {
    Set<String> touched = mentioning(nodes);
    for (String uid : touched) {
      ReleaseFleet before = releases.get(uid);
      Map<String, NodeReport> left = new HashMap<>(before.nodes());
      left.keySet().removeAll(nodes);
      releases.put(uid, new ReleaseFleet(before.heard(), left));
    }
    return touched;
  }

  /** The releases that any of these nodes speaks of. */
  private Set<String> mentioning(Set<String> nodes) {
    Set<String> uids = new HashSet<>();
    releases.forEach(
        (uid, release) -> {
          if (!Collections.disjoint(release.nodes().keySet(), nodes)) {
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
  synchronized boolean disconnected(Instant asked) {
    boolean isNews = lostSince == null;
    lostSince = isNews ? asked : lostSince;
    return isNews;
  }

  /** Since when the tracker does not answer; empty while it does. */
  public synchronized Optional<Instant> lostSince() {
    return Optional.ofNullable(lostSince);
  }

  /** When the tracker that runs first told everything; empty before any has. */
  public synchronized Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  public synchronized ReleaseFleet of(String releaseUid) {
    return releases.getOrDefault(releaseUid, ReleaseFleet.EMPTY);
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
    forget(gone);
    silentByNode.keySet().removeAll(gone);
  }

  /** Nothing will ask for this release again. */
  public synchronized void forgetRelease(String releaseUid) {
    releases.remove(releaseUid);
  }
}

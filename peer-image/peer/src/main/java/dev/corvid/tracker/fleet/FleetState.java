package dev.corvid.tracker.fleet;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.WireException;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.SessionSequence;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.SeederLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a tracker instance knows, and what follows from it. Pure: time and randomness
 * come from outside, and nothing waits here. Not thread-safe; {@code LongPollHub} guards it.
 */
public final class FleetState {
  public static final int SAMPLE = 30;

  /** Bytes of one answer's entries, as JSON; a single entry has less than half of it. */
  public static final int PART_BYTES = 1 << 20;

  private final String instance;
  private final GrantIndex grants = new GrantIndex();
  private final NodeRecords peers = new NodeRecords();
  private final Swarms swarms;
  private final PeerAddresses addresses = new PeerAddresses();
  private final Map<String, Long> sequences = new HashMap<>();
  private final ChangeFeed feed = new ChangeFeed();
  private final ReportRegister register = new ReportRegister(peers, grants, feed);
  private PartialRelease partial = PartialRelease.NONE;
  private long lastSequence = 1;
  private boolean complete;

  private record Decoded(Push.Release release, Map<String, NodeGrant> granted) {}

  public FleetState(String instance, RandomGenerator random) {
    this.instance = instance;
    this.swarms = new Swarms(random);
  }

  public String instance() {
    return instance;
  }

  /**
   * Whether a push was marked complete; before that, no peer may conclude anything from a missing
   * grant.
   */
  public boolean isComplete() {
    return complete;
  }

  public ChangeFeed feed() {
    return feed;
  }

  /**
   * Takes a push, whole or not at all.
   *
   * @return the nodes whose slice changed
   * @throws WireException when a grant in it is malformed
   */
  public Set<String> push(Push push) throws WireException {
    List<Decoded> decoded = new ArrayList<>();
    PartialRelease next = partial;
    for (Push.Release part : push.releases()) {
      next = next.and(part);
      if (!part.more()) {
        Push.Release whole = next.whole(part);
        decoded.add(new Decoded(whole, NodeGrant.byNode(whole)));
        next = PartialRelease.NONE;
      }
    }
    partial = next;
    Set<String> changed = new HashSet<>();
    decoded.forEach(each -> changed.addAll(grants.replace(each.release, each.granted)));
    for (String uid : push.forgotten()) {
      changed.addAll(grants.forget(uid));
      partial = partial.without(uid);
      register.forgetRemoved(uid);
      feed.forgetSeeder(uid);
    }
    if (push.complete() && !complete) {
      complete = true;
      register.granted();
    }
    push.nodes().forEach((node, place) -> moved(node, place, changed));
    changed.forEach(this::place);
    register.changed(changed);
    touch(changed);
    return changed;
  }

  /**
   * Notes that a node's peer spoke.
   *
   * @param endpoint the connection's address and the port that it listens on; null when it did not
   *     name one
   */
  public void heard(String node, @Nullable Endpoint endpoint, long now) {
    NodeRecord peer = peers.heard(node, endpoint, now);
    if (peer.silent) {
      peer.silent = false;
      feed.node(node);
      place(node);
    }
  }

  /** A node that was heard is about to tell everything. */
  public void begin(String node, String session) {
    peers.find(node).orElseThrow().begin(session);
  }

  /** Whether this is the session that the node's peer has with this instance. */
  public boolean isIn(String node, String session) {
    return peers.find(node).filter(peer -> peer.isIn(session)).isPresent();
  }

  /** Whether a message of the node's peer with this sequence is accepted: in order, and once. */
  public boolean takes(String node, SessionSequence turn) {
    return peers.find(node).filter(peer -> peer.takes(turn)).isPresent();
  }

  /**
   * Takes a node's reports, whole or not at all.
   *
   * @param full whether they are all that it holds
   * @throws WireException when the node would hold more releases than any node may
   */
  public void report(String node, boolean full, List<NodeReport> reports, long now)
      throws WireException {
    register.take(peers.find(node).orElseThrow(), full, reports, complete, now);
  }

  /**
   * Takes a seeder's report.
   *
   * @return the nodes whose slice changed by it: those that now learn where the seeder serves
   */
  public Set<String> report(String releaseUid, Fleet.Seeder heard, long now) {
    PushedRelease release = grants.release(releaseUid).orElseThrow();
    Optional<PushedRelease.Serving> serving = release.serving();
    Fleet.Seeder before = release.heard;
    release.heard = heard;
    feed.seeder(releaseUid, before, heard, now);
    Set<String> changed = release.learning(serving);
    touch(changed);
    return changed;
  }

  /** The pod that may report as a release's seeder; empty when there is none. */
  public Optional<String> seederPodUid(String releaseUid) {
    return grants.release(releaseUid).map(release -> release.seeder).map(Push.Seeder::podUid);
  }

  /** How fast that pod may read and send; empty for no limit. */
  public Optional<SeederLimits> seederLimits(String releaseUid) {
    return grants.release(releaseUid).map(release -> release.seeder).map(Push.Seeder::limits);
  }

  /** A fresh sample of a swarm that a node is to be in; empty when it is to be in no such one. */
  public Optional<Neighbours> neighboursOf(String node, String swarm) {
    List<PushedRelease> releases = grants.granting(node, swarm);
    if (releases.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> seeder =
        releases.stream().flatMap(r -> Stream.ofNullable(r.seederIn(swarm))).findFirst();
    return Optional.of(new Neighbours(addresses(swarm, node), seeder.orElse(null)));
  }

  /**
   * A fresh sample of a swarm for the pod that seeds in it, or is to: the replacement of a seeder
   * asks before it publishes. Empty when the operator has accepted nothing in that swarm of that
   * pod's release.
   */
  public Optional<Neighbours> neighboursOfSeeder(@Nullable String podUid, String swarm) {
    return grants.isSeededBy(podUid, swarm)
        ? Optional.of(new Neighbours(addresses(swarm, null), null))
        : Optional.empty();
  }

  /** Rises whenever the node's slice changes. */
  public long assignmentsSequence(String node) {
    return sequences.getOrDefault(node, 1L);
  }

  /**
   * What the node is to do, as much of it as one answer holds.
   *
   * @param from the release after which it begins; empty for all
   */
  public NodeAssignments assignments(String node, String from) {
    List<NodeAssignments.Entry> entries = new ArrayList<>();
    int size = 0;
    String last = from;
    for (PushedRelease release : grants.ofNode(node, from)) {
      NodeGrant granted = release.granted(node);
      String seeder = release.seederIn(granted.swarm());
      List<String> neighbours = new ArrayList<>();
      if (seeder != null) {
        neighbours.add(seeder);
      }
      if (granted.swarm() != null) {
        neighbours.addAll(addresses(granted.swarm(), node));
      }
      size += AssignmentsSize.of(granted.grant(), neighbours, seeder);
      if (size > PART_BYTES && !entries.isEmpty()) {
        return new NodeAssignments(
            instance, assignmentsSequence(node), swarms.zone(node), entries, last);
      }
      last = release.uid;
      entries.add(new NodeAssignments.Entry(granted.grant(), neighbours, seeder));
    }
    return new NodeAssignments(
        instance, assignmentsSequence(node), swarms.zone(node), entries, null);
  }

  /**
   * Advances the time: peers not heard from for too long become silent, and are forgotten later.
   */
  public void advance(long now) {
    for (NodeRecord peer : peers.fallSilent(now)) {
      swarms.place(peer.node, Set.of());
      feed.node(peer.node);
    }
    for (NodeRecord peer : peers.forget(now)) {
      peer.reports.releaseUids().forEach(uid -> feed.forgetReport(uid, peer.node));
      feed.forgetNode(peer.node);
      touch(Set.of(peer.node));
    }
  }

  /** Nanoseconds until {@link #advance} has something to do. */
  public long nextChange(long now) {
    return peers.nextSilence(now);
  }

  /** What changed since that sequence of this instance, or everything; as much as is asked for. */
  public Fleet fleet(FleetPoll poll) {
    boolean full = !instance.equals(poll.instance()) || poll.sequence() > feed.sequence();
    return new FleetAnswer(peers, grants, poll.bytes())
        .of(instance, full, full ? 0 : poll.sequence(), feed);
  }

  public int releases() {
    return grants.size();
  }

  public int speaking() {
    return peers.speaking();
  }

  public int silent() {
    return peers.silent();
  }

  private List<String> addresses(String swarm, @Nullable String except) {
    return swarms.sample(swarm, SAMPLE, except).stream()
        .map(node -> addresses.of(peers.find(node).orElseThrow()))
        .toList();
  }

  /** A node that holds nothing hears of its zone when it is to hold something. */
  private void moved(String node, Push.Node place, Set<String> changed) {
    addresses.pod(node, place.address());
    if (swarms.zone(node, place.zone()) && !grants.ofNode(node).isEmpty()) {
      changed.add(node);
    }
  }

  private void place(String node) {
    boolean speaks =
        peers.find(node).filter(peer -> !peer.silent && peer.endpoint != null).isPresent();
    swarms.place(node, speaks ? grants.swarms(node) : Set.of());
  }

  private void touch(Set<String> nodes) {
    for (String node : nodes) {
      if (grants.ofNode(node).isEmpty() && peers.find(node).isEmpty()) {
        sequences.remove(node);
      } else {
        sequences.put(node, ++lastSequence);
      }
    }
  }
}

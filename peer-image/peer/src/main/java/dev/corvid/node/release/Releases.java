package dev.corvid.node.release;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.node.check.ClockCheck;
import dev.corvid.node.check.GrantCheck;
import dev.corvid.node.torrent.Event;
import dev.corvid.store.Release;
import dev.corvid.store.Root;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The releases of this node, an agent for each name: a release that is made again under its old
 * name finds what the earlier one left. Thread-safe.
 */
public final class Releases implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Releases.class.getName());

  /** Far below what a poll may carry: what removals left must not keep the others unheard. */
  private static final int MAX_RETAINED = NodePoll.MAX_REPORTS / 4;

  private final NodeContext node;
  private final GrantCheck check;
  private final Map<ReleaseKey, Running> running = new ConcurrentHashMap<>();
  private final ClockCheck clocks;
  private final ReleaseMeters meters;
  private final AgentRunner runner;
  private final List<Root> roots = new CopyOnWriteArrayList<>();
  private boolean closing;

  // Of the slice that is being obeyed, part by part, by the one thread that polls.
  private final Set<ReleaseKey> named = new HashSet<>();
  private final List<SignedGrant> grants = new ArrayList<>();
  private boolean allVerified;

  private record ReleaseKey(String root, ReleaseName name) {
    static ReleaseKey of(Root root, ReleaseState state) {
      return new ReleaseKey(root.config().name(), state.release());
    }

    static ReleaseKey of(Grant grant) {
      return new ReleaseKey(grant.root(), grant.release());
    }
  }

  private record Running(ReleaseAgent agent, AgentRunner.Ended ended) {}

  public Releases(
      NodeContext node,
      GrantCheck check,
      ClockCheck clocks,
      ReleaseMeters meters,
      AgentRunner runner) {
    this.node = node;
    this.check = check;
    this.clocks = clocks;
    this.meters = meters;
    this.runner = runner;
  }

  /** Goes on with what the root's state records say: no tracker is needed for that. */
  public void resume(Root root) {
    roots.add(root);
    for (Release release : root.releases()) {
      ReleaseState state = release.state();
      SignedGrant signed = state.grant();
      if (state.removed() || signed == null) {
        continue;
      }
      try {
        // Its signature was verified before it was recorded; the keys may be others by now.
        send(ReleaseKey.of(root, state), new Event.Granted(signed, signed.unverified()));
      } catch (WireException e) {
        log.log(Level.WARNING, e, () -> "the recorded grant of " + state.release() + " is lost");
      }
    }
  }

  /**
   * Obeys what concerns this node. A release that is absent is no instruction.
   *
   * @param begins whether this is the first part of the slice
   * @return false when a grant of the slice, in this part or one before, could not be verified with
   *     the trust file as it is now: ask again
   * @throws IOException when the trust file cannot be read
   */
  public boolean obey(NodeAssignments assignments, boolean begins) throws IOException {
    if (begins) {
      named.clear();
      grants.clear();
      allVerified = true;
      check.refusals().sliceBegins();
    }
    node.swarm().zone(assignments.zone());
    try {
      obeyEach(assignments);
    } finally {
      check.refusals().answerEnded(assignments.next() == null);
    }
    if (allVerified && assignments.next() == null) {
      check.retain(List.copyOf(grants));
      check.refusals().sliceObeyed();
      forgetAllOver(named);
      grants.clear();
    }
    return allVerified;
  }

  private void obeyEach(NodeAssignments assignments) throws IOException {
    for (NodeAssignments.Entry entry : assignments.releases()) {
      try {
        Optional<Grant> grant = check.check(entry.grant());
        if (grant.isPresent()) {
          named.add(ReleaseKey.of(grant.get()));
          grants.add(entry.grant());
          obey(entry, entry.grant(), grant.get());
        }
      } catch (WireException e) {
        check.refusals().unverified(claimed(entry.grant()) + ": " + ErrorMessage.of(e));
        allVerified = false;
      }
    }
  }

  /** What a grant claims whose signature was not verified. */
  private static String claimed(SignedGrant signed) {
    try {
      Grant grant = signed.unverified();
      return "what claims to be a grant of " + grant.release() + ", " + grant.rank();
    } catch (WireException e) {
      return "what is no grant";
    }
  }

  /** The reports of now; one of them, the highest, has a proof if any needs one. */
  public List<NodeReport> reports() {
    List<NodeReport> reports =
        Stream.concat(
                running.values().stream().flatMap(each -> each.agent().status().reports()),
                retained())
            .map(clocks::annotate)
            .toList();
    Optional<NodeReport> proving =
        reports.stream()
            .filter(report -> report.proof() != null)
            .max(Comparator.comparing(NodeReport::rank).thenComparing(NodeReport::releaseUid));
    return proving.isEmpty()
        ? reports
        : reports.stream()
            .map(report -> report.equals(proving.get()) ? report : report.proving(null))
            .toList();
  }

  /**
   * What removals left here, and no agent speaks of: a later namespace of that name is to find
   * nothing of it, and so the operator must know of it.
   */
  private Stream<NodeReport> retained() {
    return roots.stream()
        .flatMap(
            root ->
                root.releases().stream()
                    .map(Release::state)
                    .filter(state -> state.removed() && state.contentNamespaceUid() != null)
                    .filter(state -> !running.containsKey(ReleaseKey.of(root, state)))
                    .flatMap(state -> ReleaseStatus.retained(root.config().name(), state).stream()))
        .limit(MAX_RETAINED);
  }

  /** The limits that releases have of their own. */
  public Stream<NodeLimits> limits() {
    return running.values().stream().map(each -> each.agent().limits());
  }

  /** Whether figures change by themselves. */
  public boolean isMoving() {
    return running.values().stream().anyMatch(each -> each.agent().status().isMoving());
  }

  /** Ends every agent and waits for it, also while interrupted: afterwards no storage is in use. */
  @Override
  public void close() {
    List<Running> last;
    synchronized (running) {
      closing = true;
      last = List.copyOf(running.values());
    }
    last.forEach(each -> each.agent().send(new Event.Closing()));
    boolean interrupted = false;
    for (Running each : last) {
      interrupted |= await(each.ended());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the wait was interrupted meanwhile. */
  private static boolean await(AgentRunner.Ended ended) {
    for (boolean interrupted = false; ; interrupted = true) {
      try {
        ended.await();
        return interrupted;
      } catch (InterruptedException e) {
        // The roots are closed next: the agent must not be using them.
      }
    }
  }

  private void obey(NodeAssignments.Entry entry, SignedGrant signed, Grant grant) {
    var key = ReleaseKey.of(grant);
    String swarm = grant.swarm();
    if (swarm != null) {
      send(
          key, Event.NeighboursKnown.of(swarm, entry.neighbours(), entry.seeder(), node.address()));
    }
    send(key, new Event.Granted(signed, grant));
  }

  /** To the release's agent, which is started if there is none, unless all of them end. */
  private void send(ReleaseKey key, Event event) {
    synchronized (running) {
      if (!closing) {
        running.computeIfAbsent(key, this::start).agent().send(event);
      }
    }
  }

  private Running start(ReleaseKey key) {
    var agent = new ReleaseAgent(node);
    meters.add(key.root(), key.name(), agent);
    return new Running(agent, runner.start("release-" + key.name(), agent));
  }

  /** Removed releases that the tracker no longer names need no agent. */
  private void forgetAllOver(Set<ReleaseKey> named) {
    running
        .entrySet()
        .removeIf(
            entry -> {
              ReleaseAgent agent = entry.getValue().agent();
              boolean over = !named.contains(entry.getKey()) && agent.status().isOver();
              if (over) {
                agent.send(new Event.Closing());
                meters.remove(entry.getKey().root(), entry.getKey().name());
              }
              return over;
            });
  }
}

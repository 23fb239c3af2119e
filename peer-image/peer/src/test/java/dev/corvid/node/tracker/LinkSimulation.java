package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.SimulatedTime;
import dev.corvid.tracker.PlayedTracker;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import dev.corvid.wire.operator.Push;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A node's conversation with the real state of a tracker, over a {@link FaultyNetwork}, while
 * trackers restart, slices come in parts, grants are refused and the node's reports change. In
 * simulated time, seeded: the same run again is the same to the step.
 */
final class LinkSimulation {
  private static final String NODE = "node-1";
  private static final Duration FAULTS = Duration.ofMinutes(8);

  /**
   * Until all has arrived: an answer that was lost is waited for 45 s, a delayed one comes in 60 s.
   */
  private static final Duration CONVERGENCE = Duration.ofMinutes(3);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Of polls and reports together. */
  private static final int REQUESTS_PER_MINUTE = 150;

  /** After the faults, with a slice of three parts that is asked for again and again. */
  private static final int QUIET_PER_MINUTE = 80;

  private static final List<String> UIDS = List.of("uid-1", "uid-2", "uid-3");

  private final SplittableRandom random;
  private final Function<Grant, SignedGrant> signer;
  private final SimulatedTime time = new SimulatedTime();
  private final PlayedTracker tracker = new PlayedTracker(time::nanoTime);
  private final FaultyNetwork network;
  private final TrackerConversation link;
  private final Map<String, NodeReport> now = new TreeMap<>();
  private final Map<String, Long> obeyed = new TreeMap<>();
  private final Map<String, Long> granted = new TreeMap<>();
  private final Map<String, Map<String, Long>> taken = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final ArrayDeque<Long> requests = new ArrayDeque<>();
  private final List<String> trace = new ArrayList<>();
  private Runnable giveUp = () -> {};
  private boolean givenUp;
  private final boolean figuresMove;
  private boolean faulty = true;
  private boolean reporting;
  private boolean sliceObeyed;
  private SessionSequence lastSent;
  private int names;
  private long version;

  LinkSimulation(long seed, Function<Grant, SignedGrant> signer) {
    random = new SplittableRandom(seed);
    this.signer = signer;
    figuresMove = random.nextBoolean();
    network = new FaultyNetwork(time, random.split());
    var session = new TrackerSession(6881, () -> "session-" + ++names);
    link = new TrackerConversation(session, time::nanoTime, random.split());
  }

  List<String> trace() {
    return trace;
  }

  void run() {
    UIDS.forEach(this::change);
    grant(UIDS.getFirst());
    poll();
    figures();
    fault();
    runFor(FAULTS);
    faulty = false;
    network.faultsEnd();
    note("the faults end");
    refused.clear();
    boolean oneIsRefused = random.nextBoolean();
    if (oneIsRefused) {
      refused.add(UIDS.getFirst()); // for good: it keeps no other from the node
    }
    tracker.push();
    network.wake();
    runFor(CONVERGENCE);
    for (String uid : UIDS) {
      NodeReport heard = tracker.heard(NODE, uid).orElseThrow();
      assertThat(heard.sameState(now.get(uid))).as("%s, heard %s", now.get(uid), heard).isTrue();
      if (figuresMove) {
        assertThat(heard.bytesFromSeeder()).isEqualTo(now.get(uid).bytesFromSeeder());
      }
      if (!refused.contains(uid)) {
        assertThat(obeyed.get(uid)).as(uid).isEqualTo(granted.get(uid));
      }
    }
    assertThat(link.isConnected()).isTrue();
    assertThat(requests.size()).as("requests in the last minute").isLessThan(QUIET_PER_MINUTE);
  }

  private void runFor(Duration duration) {
    long end = time.nanoTime() + duration.toNanos();
    while (time.nanoTime() < end) {
      if (time.runDue()) {
        look();
      } else {
        time.advance(end);
      }
    }
  }

  /** What must be so after every step. */
  private void look() {
    while (!requests.isEmpty() && time.nanoTime() - requests.peek() > MINUTE.toNanos()) {
      requests.poll();
    }
    assertThat(requests.size()).as("requests in a minute").isLessThan(REQUESTS_PER_MINUTE);
    assertThat(link.untilReport(true).isPresent())
        .isEqualTo(link.state() instanceof SessionState.Open);
  }

  private void fault() {
    if (!faulty) {
      return;
    }
    time.after(Duration.ofMillis(random.nextInt(15_000)), this::fault);
    switch (random.nextInt(12)) {
      case 0 -> {
        note("the tracker restarts");
        tracker.restart();
        network.wake();
      }
      case 1, 2 -> {
        tracker.push();
        network.wake();
      }
      case 3, 4 -> grant(UIDS.get(random.nextInt(UIDS.size())));
      case 5 -> refused.add(UIDS.get(random.nextInt(UIDS.size())));
      case 6, 7 -> refused.remove(UIDS.get(random.nextInt(UIDS.size())));
      default -> change(UIDS.get(random.nextInt(UIDS.size())));
    }
  }

  /** The operator wants another revision. */
  private void grant(String uid) {
    long epoch = granted.merge(uid, 1L, Long::sum);
    String hex = "%064x".formatted(epoch);
    var content = new Content("sha256:" + hex, hex.substring(24), 1 << 18, 1_000_000, 3);
    var grant =
        new Grant(
            uid,
            new ReleaseName("search", uid),
            null,
            "models",
            1,
            0,
            epoch,
            Grant.Action.ACTIVATE,
            content,
            content.infoHash(),
            List.of(),
            DeletionPolicy.DELETE,
            List.of(NODE));
    note("granted " + uid + " " + epoch);
    tracker.push(new Push.Release(uid, List.of(signer.apply(grant)), null));
    network.wake();
  }

  /** A release of the node is in another state; not seldom it is soon back in the one before. */
  private void change(String uid) {
    State[] states = {State.WAITING, State.DOWNLOADING, State.FAILED, State.ACTIVE};
    State state = states[random.nextInt(states.length)];
    if (random.nextInt(4) == 0) {
      version++; // else a report may equal an earlier one
    }
    now.put(
        uid,
        new NodeReport(
            uid,
            new ReleaseName("search", uid),
            "models",
            0,
            1,
            state,
            null,
            null,
            List.of(),
            0,
            0,
            version,
            0,
            0,
            state == State.FAILED ? Reason.InsufficientDisk : null,
            null,
            0,
            null,
            null));
    note(uid + " is " + state + " " + version);
    changed();
  }

  // What NodeTrackerLink does with its threads.

  private void poll() {
    NodePoll poll = link.poll(List.copyOf(now.values()));
    requests.add(time.nanoTime());
    boolean parks = !poll.full() && poll.from() == null;
    givenUp = false;
    // A client sends no POST twice by itself, and gives each full poll a session of its own.
    giveUp =
        network.exchange(
            () -> tracked(poll),
            parks ? poll.sequence() : -1,
            !poll.full(),
            answer -> time.after(outcome(poll, answer), this::poll));
  }

  /** The pause before the next poll. */
  private Duration outcome(NodePoll poll, PlayedTracker.Answer answer) {
    Duration pause;
    if (givenUp) {
      pause = link.pollGivenUp();
    } else if (answer == null) {
      pause = link.pollFailed();
    } else if (answer.status().isPresent()) {
      pause = answer.status().getAsInt() == 409 ? link.pollRefused() : link.pollFailed();
    } else {
      NodeAssignments part = answer.assignments();
      boolean all = !TrackerSession.isNews(poll, part) || obey(part, poll.from() == null);
      pause = link.answered(poll, part, all);
      report();
    }
    return pause;
  }

  private void figures() {
    time.after(Duration.ofSeconds(1), this::figures);
    report();
  }

  private void changed() {
    link.changed();
    report();
  }

  private void report() {
    if (reporting || link.untilReport(figuresMove).orElse(1) > 0) {
      return;
    }
    boolean withFigures = link.beginReport();
    var changes = link.report(List.copyOf(now.values()), withFigures);
    if (changes.isEmpty()) {
      return;
    }
    reporting = true;
    requests.add(time.nanoTime());
    assertIsLater(changes.get().turn());
    network.exchange(
        () -> new PlayedTracker.Answer(null, tracked(changes.get())),
        -1,
        true,
        answer -> {
          Duration pause = Duration.ZERO;
          if (answer == null || answer.status().orElse(409) != 409) {
            pause = link.reportFailed();
          } else if (answer.status().isEmpty()) {
            link.reported();
          } else if (link.reportRefused()) {
            givenUp = true;
            giveUp.run();
          }
          time.after(
              pause,
              () -> {
                reporting = false;
                report();
              });
        });
  }

  /** The numbers of a session rise, and no session begins twice. */
  private void assertIsLater(SessionSequence turn) {
    boolean same = lastSent != null && lastSent.session().equals(turn.session());
    assertThat(turn.number()).isEqualTo(same ? lastSent.number() + 1 : 2);
    lastSent = turn;
  }

  /** As the releases of a node do: an answer is refused in part, and what is left is obeyed. */
  private boolean obey(NodeAssignments part, boolean begins) {
    sliceObeyed = begins || sliceObeyed;
    for (NodeAssignments.Entry entry : part.releases()) {
      try {
        Grant grant = entry.grant().unverified();
        if (refused.contains(grant.releaseUid())) {
          sliceObeyed = false;
          continue;
        }
        Long before = obeyed.put(grant.releaseUid(), grant.epoch());
        assertThat(before == null || before <= grant.epoch())
            .as("%s after %s", grant.epoch(), before)
            .isTrue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sliceObeyed;
  }

  // The tracker's side.

  private PlayedTracker.Answer tracked(NodePoll poll) {
    if (poll.full()) {
      Map<String, Long> versions = new HashMap<>();
      poll.reports().forEach(each -> versions.put(each.releaseUid(), each.bytesFromSeeder()));
      taken.put(poll.session(), versions);
    }
    PlayedTracker.Answer answer = tracker.poll(NODE, poll);
    return answer.status().isPresent()
        ? answer
        : new PlayedTracker.Answer(firstPart(answer.assignments()), answer.status());
  }

  /** Within one session nothing earlier is taken after something later. */
  private OptionalInt tracked(NodeReports reports) {
    OptionalInt status = tracker.report(NODE, reports);
    if (status.isEmpty()) {
      Map<String, Long> versions = taken.get(reports.turn().session());
      for (NodeReport each : reports.reports()) {
        Long before = versions.put(each.releaseUid(), each.bytesFromSeeder());
        assertThat(before == null || before <= each.bytesFromSeeder()).as("%s", each).isTrue();
      }
    }
    return status;
  }

  /** A tracker with long grants puts one of them into a part. */
  private static NodeAssignments firstPart(NodeAssignments whole) {
    if (whole.releases().size() < 2) {
      return whole;
    }
    NodeAssignments.Entry first = whole.releases().getFirst();
    try {
      return new NodeAssignments(
          whole.instance(),
          whole.sequence(),
          whole.zone(),
          List.of(first),
          first.grant().unverified().releaseUid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(String what) {
    trace.add(time.nanoTime() / 1_000_000 + " ms: " + what);
  }
}

package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.SimulatedTime;
import dev.corvid.tracker.PlayedTracker;
import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.operator.Push;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node's session with the real state of a tracker, over a network that loses, delays, doubles and
 * reorders requests and answers, while trackers restart and the node's reports change. In simulated
 * time, seeded.
 */
final class SessionSimulation {
  private static final String NODE = "node-1";
  private static final Duration FAULTS = Duration.ofMinutes(20);
  private static final Duration QUIET = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final List<String> UIDS = List.of("uid-1", "uid-2", "uid-3");

  private final SplittableRandom random;
  private final TestCluster keys;
  private final SimulatedTime time = new SimulatedTime();
  private final PlayedTracker tracker = new PlayedTracker(time::nanoTime);
  private final TrackerSession session;
  private final Map<String, NodeReport> now = new TreeMap<>();
  private final Map<String, Long> obeyed = new TreeMap<>();
  private final Map<String, Long> granted = new TreeMap<>();
  private final Map<String, Map<String, Long>> taken = new HashMap<>();
  private final List<Runnable> parked = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private Runnable giveUp = () -> {};
  private boolean faulty = true;
  private boolean reporting;
  private boolean hasChanges;
  private int names;
  private long version;

  SessionSimulation(long seed, TestCluster keys) {
    random = new SplittableRandom(seed);
    this.keys = keys;
    session = new TrackerSession(6881, () -> "session-" + ++names);
  }

  List<String> trace() {
    return trace;
  }

  void run() {
    UIDS.forEach(this::change);
    grant(UIDS.getFirst());
    poll();
    fault();
    runFor(FAULTS);
    faulty = false;
    note("the faults end");
    tracker.push();
    wake();
    runFor(QUIET);
    for (String uid : UIDS) {
      assertThat(tracker.heard(NODE, uid)).as(uid).isPresent();
      assertThat(tracker.heard(NODE, uid).get().sameState(now.get(uid)))
          .as("%s, heard %s", now.get(uid), tracker.heard(NODE, uid))
          .isTrue();
    }
    assertThat(obeyed).isEqualTo(granted);
  }

  private void runFor(Duration duration) {
    long end = time.nanoTime() + duration.toNanos();
    while (time.nanoTime() < end) {
      if (!time.runDue()) {
        time.advance(end);
      }
    }
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
        wake();
      }
      case 1, 2 -> {
        tracker.push();
        wake();
      }
      case 3, 4 -> grant(UIDS.get(random.nextInt(UIDS.size())));
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
    tracker.push(new Push.Release(uid, List.of(keys.sign(grant)), null));
    wake();
  }

  /** A release of the node is in another state; not seldom it is soon back in the one before. */
  private void change(String uid) {
    State[] states = {State.WAITING, State.DOWNLOADING, State.FAILED, State.ACTIVE};
    State state = states[random.nextInt(states.length)];
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
            ++version,
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
    NodePoll poll = session.poll(List.copyOf(now.values()));
    boolean parks = !poll.full() && poll.from() == null;
    // A client sends no POST twice by itself, and gives each full poll a session of its own.
    boolean doubled = !poll.full() && random.nextInt(10) == 0;
    giveUp =
        exchange(
            () -> tracked(poll),
            parks ? poll.sequence() : -1,
            doubled,
            answer -> {
              if (answer == null) {
                session.pollFailed();
              } else if (answer.status().isPresent()) {
                if (answer.status().getAsInt() == 409) {
                  session.pollRefused();
                } else {
                  session.pollFailed();
                }
              } else {
                boolean trusted = !faulty || random.nextInt(10) > 0;
                boolean news = TrackerSession.isNews(poll, answer.assignments());
                if (news && trusted) {
                  obey(answer.assignments());
                }
                session.answered(answer.assignments(), !news || trusted);
                if (poll.full()) {
                  changed();
                }
              }
              boolean pause = answer == null || answer.status().isPresent();
              time.after(Duration.ofMillis(pause ? 400 + random.nextInt(4000) : 1), this::poll);
            });
  }

  private void changed() {
    hasChanges = true;
    report();
  }

  private void report() {
    if (reporting || !hasChanges || !session.isOpen()) {
      return;
    }
    hasChanges = false;
    var changes = session.report(List.copyOf(now.values()), false);
    if (changes.isEmpty()) {
      return;
    }
    reporting = true;
    exchange(
        () -> new PlayedTracker.Answer(null, tracked(changes.get())),
        -1,
        random.nextInt(10) == 0,
        answer -> {
          reporting = false;
          if (answer == null) {
            session.reportFailed();
            hasChanges = true;
          } else if (answer.status().isPresent()) {
            if (session.reportRefused()) {
              giveUp.run();
            }
          } else {
            session.reported();
          }
          time.after(Duration.ofMillis(400 + random.nextInt(4000)), this::report);
        });
  }

  private void obey(NodeAssignments slice) {
    for (NodeAssignments.Entry entry : slice.releases()) {
      try {
        Grant grant = entry.grant().unverified();
        obeyed.merge(grant.releaseUid(), grant.epoch(), Math::max);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  // The tracker's side.

  private PlayedTracker.Answer tracked(NodePoll poll) {
    if (poll.full()) {
      Map<String, Long> versions = new HashMap<>();
      poll.reports().forEach(each -> versions.put(each.releaseUid(), each.bytesFromSeeder()));
      taken.put(poll.session(), versions);
    }
    return tracker.poll(NODE, poll);
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

  // The network.

  /**
   * @param known the sequence with which the answer waits for another one; -1 if it does not wait
   * @param then receives the answer, once; null when none came in time
   * @return gives up the answer
   */
  private Runnable exchange(
      Supplier<PlayedTracker.Answer> request,
      long known,
      boolean doubled,
      Consumer<PlayedTracker.Answer> then) {
    var open = new AtomicBoolean(true);
    Consumer<PlayedTracker.Answer> once =
        answer -> {
          if (open.getAndSet(false)) {
            then.accept(answer);
          }
        };
    time.after(PATIENCE, () -> once.accept(null));
    if (faulty && random.nextInt(8) == 0) {
      time.after(delay(), () -> once.accept(null)); // it never arrives
    } else {
      for (int copies = faulty && doubled ? 2 : 1; copies > 0; copies--) {
        time.after(delay(), () -> arrive(request, known, once, time.nanoTime()));
      }
    }
    return () -> once.accept(null);
  }

  private void arrive(
      Supplier<PlayedTracker.Answer> request,
      long known,
      Consumer<PlayedTracker.Answer> once,
      long since) {
    PlayedTracker.Answer answer = request.get();
    boolean waits =
        known >= 0
            && answer.status().isEmpty()
            && answer.assignments().sequence() == known
            && time.nanoTime() - since < WINDOW.toNanos();
    if (waits) {
      Runnable again = () -> arrive(request, known, once, since);
      parked.add(again);
      time.after(WINDOW, () -> unpark(again));
    } else if (!faulty || random.nextInt(8) > 0) {
      time.after(delay(), () -> once.accept(answer));
    }
  }

  private void wake() {
    List.copyOf(parked).forEach(this::unpark);
  }

  private void unpark(Runnable poll) {
    if (parked.remove(poll)) {
      poll.run();
    }
  }

  private Duration delay() {
    boolean late = faulty && random.nextInt(6) == 0;
    return Duration.ofMillis(1 + random.nextInt(late ? 60_000 : 500));
  }

  private void note(String what) {
    trace.add(time.nanoTime() / 1_000_000 + " ms: " + what);
  }
}

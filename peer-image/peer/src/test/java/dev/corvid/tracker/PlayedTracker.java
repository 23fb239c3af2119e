package dev.corvid.tracker;

import dev.corvid.tracker.fleet.FleetState;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * The tracker's own state and its answers, without threads: a poll is answered at once; the test
 * that plays the network holds the answer back.
 */
public final class PlayedTracker {
  private final LongSupplier nanoTime;
  private final Map<String, Push.Release> pushed = new HashMap<>();
  private LongPollHub hub;
  private int instances;

  public PlayedTracker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    restart();
  }

  /** A new instance that knows nothing, not even what the operator wants. */
  public void restart() {
    instances++;
    var state = new FleetState("instance-" + instances, new Random(instances));
    hub = new LongPollHub(state, nanoTime, new Random(1), Duration.ZERO);
  }

  /** The operator wants this, too, and pushes everything. */
  public void push(Push.Release... releases) {
    for (Push.Release release : releases) {
      pushed.put(release.releaseUid(), release);
    }
    try {
      hub.push(
          new Push(
              hub.instance(),
              hub.pushes(),
              true,
              List.copyOf(pushed.values()),
              List.of(),
              Map.of()));
    } catch (RequestRejected e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @return the answer; its status if it is no success
   */
  public Answer poll(String node, NodePoll poll) {
    try {
      return new Answer(hub.poll(node, "10.0.0.1", poll), OptionalInt.empty());
    } catch (RequestRejected e) {
      return new Answer(null, OptionalInt.of(e.kind().status()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @return the status if it is no success
   */
  public OptionalInt report(String node, NodeReports reports) {
    try {
      hub.report(node, reports);
      return OptionalInt.empty();
    } catch (RequestRejected e) {
      return OptionalInt.of(e.kind().status());
    }
  }

  /** What the operator hears of a release on a node. */
  public Optional<NodeReport> heard(String node, String releaseUid) {
    try {
      return hub.fleet(new FleetPoll("none", 0, 0)).releases().stream()
          .filter(each -> each.releaseUid().equals(releaseUid))
          .flatMap(each -> each.nodes().stream())
          .filter(each -> each.node().equals(node))
          .map(each -> each.report())
          .findFirst();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param assignments null for a refusal
   * @param status of a refusal
   */
  public record Answer(NodeAssignments assignments, OptionalInt status) {}
}

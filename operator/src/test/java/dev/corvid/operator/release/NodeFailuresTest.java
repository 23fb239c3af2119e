package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.mending;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeFailuresTest {
  private static final Function<String, SelectedNode> FAILED =
      node -> failed(node, NEW, Reason.InsufficientDisk);

  private final NodeFailures one =
      after(NodeFailures.NONE, failed("a", NEW, Reason.InsufficientDisk));

  @Test
  void aNodeThatTriesAgainHasStillFailed() {
    assertThat(after(one, downloading("a", NEW, OLD)).byNode()).isEqualTo(one.byNode());
  }

  @Test
  void aNodeThatHoldsTheRevisionHasNot() {
    assertThat(after(one, placed("a", NEW, OLD)).count()).isZero();
    assertThat(after(one, serving("a", NEW)).count()).isZero();
  }

  @Test
  void thoseOfAnotherRevisionAreForgotten() {
    var next = one.next(OLD.manifestDigest(), selection(downloading("a", OLD, null)), NOW);

    assertThat(next.count()).isZero();
  }

  @Test
  void theTimeOfAFailureIsThatOfTheLastAttempt() {
    var later =
        one.next(
            NEW.manifestDigest(),
            selection(failed("a", NEW, Reason.InsufficientDisk)),
            NOW.plusSeconds(60));

    assertThat(later.byNode().get("a").lastTime()).isEqualTo(NOW.toString());
  }

  @Test
  void tellTheirOwnReasonIfNoneMayFail() {
    var two =
        after(
            NodeFailures.NONE,
            failed("a", NEW, Reason.InsufficientDisk),
            failed("b", NEW, Reason.InsufficientDisk));

    assertThat(two.tooMany(2)).isEmpty();
    assertThat(two.tooMany(1).orElseThrow().reason()).isEqualTo(Reason.TooManyFailedNodes);
    assertThat(two.tooMany(0).orElseThrow().reason()).isEqualTo(Reason.InsufficientDisk);
  }

  @Test
  void aNodeThatCannotBeReachedSinceHasStillFailed() {
    for (Reachability reachability : Reachability.values()) {
      assertThat(after(one, with(downloading("a", NEW, OLD), reachability)).count()).isEqualTo(1);
      assertThat(after(one, with(fresh("a"), reachability)).count()).isEqualTo(1);
      assertThat(after(one, with(placed("a", NEW, OLD), reachability)).count()).isZero();
    }
    var peerless = absent(selection(), with(fresh("a"), Reachability.UNREACHABLE));
    assertThat(one.next(NEW.manifestDigest(), peerless, NOW).count()).isEqualTo(1);
    assertThat(after(one, fresh("b")).count()).as("deleted").isZero();
  }

  @Test
  void aRestartForgetsNoneOfMoreThanAStatusNames() {
    var status =
        new Situation("rollout: {maxFailed: 22}", selection(of(FAILED, 25))).wanting().status();
    assertThat(status.failures()).hasSize(20);
    assertThat(status.nodes().failed()).isEqualTo(25);

    NodeFailures recorded = NodeFailures.recorded(status, NEW.manifestDigest());
    assertThat(recorded.count()).isEqualTo(25);
    for (Reachability reachability : Reachability.values()) {
      NodeFailures silent = after(recorded, of(node -> with(fresh(node), reachability), 30));
      assertThat(silent.count()).isEqualTo(25);
      assertThat(silent.tooMany(22).orElseThrow().message())
          .isEqualTo("25 nodes failed, 22 may: n00: why it failed (and 24 more failed)");
      assertThat(after(silent, of(FAILED, 25)).unnamed()).as("each has spoken").isZero();
    }
    NodeFailures retrying = after(recorded, of(node -> downloading(node, NEW, OLD), 30));
    assertThat(retrying.count()).isEqualTo(25);
    assertThat(after(recorded, of(node -> downloading(node, NEW, OLD), 23)).count())
        .as("two are deleted")
        .isEqualTo(23);
    assertThat(after(recorded, of(node -> placed(node, NEW, OLD), 30)).count()).isZero();
    assertThat(recorded.next(OLD.manifestDigest(), selection(fresh("a")), NOW).count()).isZero();
  }

  @Test
  void aReleaseThatIsRefusedForAWhileForgetsNone() {
    var seen = Given.observed(Given.release(""), selection(), List.of(), Given.at(NOW));
    var stopped =
        new ObservedState(
            seen.release(),
            new ObservedState.Location(seen.location().scope(), null),
            seen.source(),
            seen.nodes(),
            new ObservedState.Recorded(SwarmReleaseStatus.empty(), List.of(), one),
            seen.mount(),
            seen.now());

    ReconcilePlan reconcilePlan = ReconcilePlan.of(stopped);

    assertThat(reconcilePlan.refused()).isTrue();
    assertThat(reconcilePlan.failures()).isEqualTo(one);
  }

  @Test
  void aRestartKnowsANodeThatMendsAFileByItsName() {
    var status =
        new Situation("", selection(serving("a", NEW), mending("b", NEW))).wanting().status();

    NodeFailures recorded = NodeFailures.recorded(status, NEW.manifestDigest());

    assertThat(recorded.nodes()).containsExactly("b");
    assertThat(recorded.unnamed()).isZero();
  }

  @Test
  void aRestartForgetsNoneThatNoNameIsLeftOf() {
    var status =
        new Situation("rollout: {maxFailed: 22}", selection(of(FAILED, 25))).wanting().status();
    NodeFailures recorded = NodeFailures.recorded(status, NEW.manifestDigest());
    SelectedNode[] nodes = of(node -> placed(node, NEW, OLD), 25);
    for (int i = 20; i < 25; i++) {
      nodes[i] = fresh(nodes[i].node());
    }

    assertThat(after(recorded, nodes).tooMany(4).orElseThrow().message())
        .isEqualTo(
            "5 nodes failed before the operator was restarted, and have not obtained it since; 4"
                + " may");
    nodes[20] = placed("n20", NEW, OLD);
    NodeFailures four = after(after(recorded, nodes), nodes);
    assertThat(four.count()).as("not subtracted twice").isEqualTo(4);
    for (int i = 21; i < 24; i++) {
      nodes[i] = placed(nodes[i].node(), NEW, OLD);
    }
    assertThat(after(four, nodes).tooMany(0).orElseThrow().message())
        .isEqualTo(
            "1 node failed before the operator was restarted, and has not obtained it since; 0"
                + " may");
  }

  @Test
  void aRestartBlamesNoNodeThatNeverFailed() {
    SelectedNode away = with(fresh("z"), Reachability.UNREACHABLE);
    SelectedNode[] nodes = and(away, of(FAILED, 25));
    var status = new Situation("rollout: {maxFailed: 22}", selection(nodes)).wanting().status();
    NodeFailures recorded = NodeFailures.recorded(status, NEW.manifestDigest());

    assertThat(after(recorded, and(away, of(node -> placed(node, NEW, OLD), 25))).count()).isZero();
    assertThat(after(after(recorded, nodes), and(away, of(node -> serving(node, NEW), 25))).count())
        .as("each was named in between")
        .isZero();
  }

  @Test
  void nodesThatWereOnTheirWayBeforeARestartAreNotTakenForThoseThatFailed() {
    SelectedNode[] nodes = of(FAILED, 35);
    SelectedNode[] later = of(node -> with(fresh(node), Reachability.UNREACHABLE), 35);
    for (int i = 25; i < 35; i++) {
      nodes[i] = downloading(nodes[i].node(), NEW, OLD);
      later[i] = placed(nodes[i].node(), NEW, OLD);
    }
    var status = new Situation("rollout: {maxFailed: 22}", selection(nodes)).wanting().status();

    assertThat(after(NodeFailures.recorded(status, NEW.manifestDigest()), later).count())
        .isEqualTo(25);
  }

  @Test
  void noneIsLeftWhenAllThatCanBeReachedHoldIt() {
    var status =
        Serialization.unmarshal(
            """
            nodes: {desired: 3, verified: 1, unreachable: 1, failed: 1}
            failures: [{nodeName: b, reason: Corrupted, message: "'a' changed", count: 0}]
            """,
            SwarmReleaseStatus.class);
    NodeFailures recorded = NodeFailures.recorded(status, NEW.manifestDigest());
    SelectedNode away = with(fresh("z"), Reachability.UNREACHABLE);

    assertThat(after(recorded, away, fresh("b")).count()).isEqualTo(1);
    assertThat(
            after(recorded, away, serving("a", NEW), with(fresh("b"), Reachability.PENDING))
                .count())
        .isEqualTo(1);
    assertThat(after(recorded, away, serving("b", NEW)).count()).as("a is deleted").isZero();
  }

  private static SelectedNode[] of(Function<String, SelectedNode> state, int count) {
    return IntStream.range(0, count)
        .mapToObj("n%02d"::formatted)
        .map(state)
        .toArray(SelectedNode[]::new);
  }

  private static SelectedNode[] and(SelectedNode one, SelectedNode... others) {
    return Stream.concat(Stream.of(others), Stream.of(one)).toArray(SelectedNode[]::new);
  }

  private static NodeFailures after(NodeFailures before, SelectedNode... nodes) {
    return before.next(NEW.manifestDigest(), selection(nodes), NOW);
  }
}

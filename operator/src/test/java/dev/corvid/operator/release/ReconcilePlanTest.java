package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.RevisionHistoryTest;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.seeder.Publication;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconcilePlanTest {
  private static final Publication PUBLISHED =
      Publication.prove(
          "11-22", "sha256:new", TestCluster.digest("bytes"), NEW, 1, "key".getBytes());
  private static final NodeSelection CENSUS =
      leaving(selection(serving("a", OLD), fresh("joining")), serving("leaving", OLD));

  @Test
  void whatWasPublishedIsWanted() {
    ReconcilePlan reconcilePlan = ReconcilePlan.of(published());

    assertThat(reconcilePlan.wanted().content()).isEqualTo(NEW);
    assertThat(reconcilePlan.intents()).containsEntry("joining", NodeIntent.hold(NEW));
  }

  /** The revision before it stays, for nodes that join or leave, too. */
  @Test
  void whatCannotBeRecordedIsNotDecided() {
    ReconcilePlan reconcilePlan = ReconcilePlan.unrecorded(published());

    assertThat(reconcilePlan.wanted()).isNull();
    assertThat(reconcilePlan.history().revisions())
        .extracting(ReleaseRevision::content)
        .containsExactly(OLD);
    assertThat(reconcilePlan.intents().values())
        .extracting(NodeIntent::content)
        .doesNotContain(NEW);
    assertThat(reconcilePlan.intents())
        .containsEntry("a", NodeIntent.activate(OLD))
        .containsEntry("leaving", NodeIntent.REMOVE)
        .containsKey("joining");
  }

  @Test
  void theSeederOfWhatCannotBeRecordedStays() {
    assertThat(ReconcilePlan.unrecorded(published()).seeder().needed()).isTrue();
  }

  private static ObservedState published() {
    ObservedState seen = Given.observed(Given.release(""), CENSUS, List.of(), Given.at(NOW));
    var before = new RevisionHistory(List.of(Given.revision(OLD, "sha256:old"))).completed(NOW);
    return new ObservedState(
        seen.release(),
        seen.location(),
        new ObservedState.ObservedSource(seen.source().hash(), PUBLISHED, List.of()),
        seen.nodes(),
        new ObservedState.Recorded(
            RevisionHistoryTest.summary(OLD.revision(), before),
            List.of(before.latest().orElseThrow().recorded()),
            NodeFailures.NONE),
        seen.mount(),
        seen.now());
  }
}

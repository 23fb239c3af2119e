package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two contents that share the twelve digits by which people name them. */
class StatusRevisionsTest {
  private static final Content TWIN =
      new Content(
          NEW.manifestDigest().substring(0, "sha256:".length() + 12) + "e".repeat(52),
          "f".repeat(40),
          NEW.pieceLength(),
          NEW.sizeBytes(),
          NEW.fileCount());

  private static final ReleaseRevision FIRST = Given.revision(NEW, "sha256:first");
  private static final ReleaseRevision SECOND = Given.revision(TWIN, "sha256:new");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollout: {approval: Required}",
        "rollout: {waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]}"
      })
  void whatWasActiveEverywhereVouchesForNoOtherContent(String policy) {
    SwarmRelease release = Given.release(policy);
    var rolledOut =
        new Situation(policy, selection(serving("a", NEW), serving("b", NEW), serving("c", NEW)))
            .wanting();
    SwarmReleaseStatus status = rolledOut.after(rolledOut.status()).status();
    assertThat(status.currentRevision()).isEqualTo(TWIN.revision());
    NodeSelection selection =
        selection(placed("a", TWIN, NEW), placed("b", TWIN, NEW), placed("c", TWIN, NEW));

    ReconcilePlan reconcilePlan = ReconcilePlan.of(seen(release, selection, status));

    assertThat(reconcilePlan.wanted().content()).isEqualTo(TWIN);
    assertThat(reconcilePlan.intents().values().stream().filter(w -> w.action() == Action.ACTIVATE))
        .hasSizeLessThan(2);
  }

  private static ObservedState seen(
      SwarmRelease release, NodeSelection selection, SwarmReleaseStatus status) {
    ObservedState seen = Given.observed(release, selection, List.of(), Given.at(NOW));
    return Given.with(
        seen,
        new ObservedState.Recorded(
            status,
            List.of(FIRST.recorded(), Given.recorded(2, TWIN, "sha256:new")),
            NodeFailures.NONE));
  }

  @Test
  void theOneThatWasActiveEverywhereLastIsMeant() {
    Instant later = NOW.plusSeconds(60);

    assertIsCurrent(FIRST, FIRST.succeeded(NOW));
    assertIsCurrent(FIRST, FIRST);
    assertIsCurrent(FIRST, SECOND, FIRST.succeeded(NOW));
    assertIsCurrent(SECOND, SECOND.succeeded(later), FIRST.succeeded(NOW));
    assertIsCurrent(SECOND, FIRST, SECOND.succeeded(NOW));
    assertIsCurrent(null, FIRST, SECOND.superseded());
  }

  private static void assertIsCurrent(ReleaseRevision expected, ReleaseRevision... history) {
    SwarmReleaseStatus status = status(history);
    assertThat(StatusRevisions.isCurrent(status, FIRST)).isEqualTo(FIRST.equals(expected));
    assertThat(StatusRevisions.isCurrent(status, SECOND)).isEqualTo(SECOND.equals(expected));
  }

  @Test
  void theFirstOneIsTheOneThatTheSpecMeant() {
    SwarmReleaseStatus status = status(SECOND, FIRST.succeeded(NOW));

    assertThat(StatusRevisions.isUpdate(status, SECOND)).isTrue();
    assertThat(StatusRevisions.isUpdate(status, FIRST)).isFalse();
  }

  @Test
  void theNameIsAllThatIsLeftWithoutAHistory() {
    assertThat(StatusRevisions.isCurrent(status(), FIRST)).isTrue();
    assertThat(StatusRevisions.isUpdate(status(), FIRST)).isTrue();
    assertThat(StatusRevisions.isCurrent(SwarmReleaseStatus.empty(), FIRST)).isFalse();
    assertThat(StatusRevisions.isUpdate(SwarmReleaseStatus.empty(), FIRST)).isFalse();
  }

  private static SwarmReleaseStatus status(ReleaseRevision... history) {
    return new SwarmReleaseStatus(
        null,
        null,
        null,
        NEW.revision(),
        NEW.revision(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new RevisionHistory(List.of(history)).summary(),
        null);
  }
}

package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.mending;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.unheard;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.wire.Reason;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of situations: Ready with its reason, then Reconciling and Stalled where they are. */
class StatusReportTest {
  private final Situation fetching = new Situation("", selection(fresh("a")));
  private final Situation serving =
      new Situation("", selection(serving("a", NEW), serving("b", NEW))).wanting();

  @Test
  void progressesWhileTheSourceIsFetched() {
    assertThat(fetching.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(fetching.message()).isEqualTo("starting the seeder");
    assertThat(fetching.fetched(512 << 20, 1 << 30).message())
        .isEqualTo("fetching the source: 512Mi of 1Gi");
    assertThat(fetching.waitingFor("waiting for the first byte of https://a/m").message())
        .isEqualTo("fetching the source: 0; waiting for the first byte of https://a/m");
  }

  @Test
  void isNotReadyWhileNoPodCanMountIt() {
    assertThat(serving.notMountable().conditions()).isEqualTo("False/ClaimConflict Stalled");
    assertThat(serving.notMountable().message())
        .startsWith("the claim is taken; ")
        .contains("active on 2 of 2 nodes");
    assertThat(serving.notMountable().status().currentRevision()).isEqualTo(NEW.revision());
    assertThat(fetching.notMountable().conditions()).isEqualTo("False/ClaimConflict Reconciling");
    assertThat(fetching.notMountable().overdue().conditions())
        .isEqualTo("False/ClaimConflict Stalled");
    assertThat(fetching.notMountable().problem(Reason.DigestMismatch).conditions())
        .isEqualTo("False/DigestMismatch Stalled");
    assertThat(fetching.notMountable().problem(Reason.DigestMismatch).message())
        .isEqualTo("what happened; the claim is taken");
    var suspended = new Situation("suspend: true", selection(serving("a", NEW))).wanting();
    assertThat(suspended.notMountable().message()).endsWith("; the claim is taken");
  }

  @Test
  void neverSaysThatMoreThanAllWasFetched() {
    var again = fetching.fetched(2 << 10, 1 << 10).status();

    assertThat(again.progress().summary()).isEqualTo("fetching 100%");
  }

  @Test
  void waitsForSomebodyWhenTheSourceIsWrong() {
    assertThat(fetching.problem(Reason.DigestMismatch).conditions())
        .isEqualTo("False/DigestMismatch Stalled");
    assertThat(fetching.problem(Reason.SeederRefused).conditions())
        .isEqualTo("False/SeederRefused Stalled");
  }

  @Test
  void waitsForTheSourceToComeBackUntilTheDeadline() {
    var unreachable = fetching.problem(Reason.SourceUnreachable);

    assertThat(unreachable.conditions()).isEqualTo("False/SourceUnreachable Reconciling");
    assertThat(unreachable.overdue().conditions()).isEqualTo("False/SourceUnreachable Stalled");
  }

  @Test
  void stallsWhenNothingMovesBeforeTheDeadline() {
    assertThat(fetching.overdue().conditions()).isEqualTo("False/ProgressDeadlineExceeded Stalled");
  }

  @Test
  void keepsWhatTheSeederNotedOfTheSourceUntilAnotherSeederSpeaks() {
    var noted = serving.published("exclude matches nothing").status();

    assertThat(noted.source().note()).isEqualTo("exclude matches nothing");
    assertThat(serving.after(noted).status().source().note()).isEqualTo("exclude matches nothing");
    assertThat(serving.after(noted).published(null).status().source().note()).isNull();
    assertThat(fetching.after(noted).status().source()).isNull();
  }

  @Test
  void saysWhatIsStillActiveInTrouble() {
    var before = serving.status();
    var editing = new Situation("", selection(serving("a", NEW), serving("b", NEW))).after(before);

    assertThat(editing.problem(Reason.DigestMismatch).message())
        .endsWith("; " + NEW.revision() + " is still active");
  }

  @Test
  void saysWhatIsStillActiveOnlyWhereItIs() {
    var before = serving.status();
    var typo = leaving(selection(), serving("a", NEW), serving("b", NEW));
    var held = new RemovalPlan(typo.leaving(), Set.of(), new RemovalPlan.Hold("Why", "what"), null);
    var some = selection(serving("a", NEW), serving("b", OLD), fresh("c"));

    assertThat(new Situation("", selection()).after(before).message())
        .isEqualTo("no node matches spec.nodes.selector; nodes that come to match get the release");
    assertThat(new Situation("", selection()).after(before).withRemovalPlan(held).message())
        .endsWith(NEW.revision() + " is still active on 2 nodes that no longer match");
    assertThat(new Situation("", some).after(before).problem(Reason.DigestMismatch).message())
        .endsWith(NEW.revision() + " is still active on 1 of 3 nodes");
    assertThat(
            new Situation("", selection(with(fresh("a"), Reachability.PENDING)))
                .after(before)
                .problem(Reason.DigestMismatch)
                .message())
        .endsWith(NEW.revision() + " is still active");
  }

  @Test
  void saysThatRemovalIsHeldAndKeepsSayingSoWhileNodesAreUnheard() {
    var held = new RemovalPlan(List.of(), Set.of(), new RemovalPlan.Hold("Why", "what"), null);
    var status = serving.withRemovalPlan(held).status();
    var restarted =
        new Situation("", unheard(selection(serving("a", NEW)))).wanting().after(status);

    assertThat(Conditions.find(status.conditions(), "RemovalHeld").orElseThrow().getReason())
        .isEqualTo("Why");
    assertThat(serving.withRemovalPlan(held).conditions()).isEqualTo("True/Succeeded");
    assertThat(restarted.condition("RemovalHeld").getMessage()).isEqualTo("what");
    assertThat(Conditions.find(serving.after(status).status().conditions(), "RemovalHeld"))
        .isEmpty();
  }

  @Test
  void saysWhichPodsKeepTheVolumeAsItWas() {
    var pods = new VolumeUsers(12, List.of("app-1", "app-2"));

    assertThat(
            Conditions.find(serving.status(pods).conditions(), "VolumeOutdated")
                .orElseThrow()
                .getMessage())
        .contains("pods keep the volume as it was: app-1, app-2 and 10 more.", "scale");
    assertThat(Conditions.find(serving.status().conditions(), "VolumeOutdated")).isEmpty();
  }

  @Test
  void progressesUntilEveryNodeServesTheRevision() {
    var rolling = new Situation("", selection(serving("a", NEW), placed("b", NEW, OLD))).wanting();

    assertThat(rolling.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(rolling.message()).isEqualTo(NEW.revision() + ": 2 of 2 nodes hold it, 1 serve it");
  }

  @Test
  void succeedsWhenEveryReachableNodeServesIt() {
    var away = with(fresh("c"), Reachability.UNREACHABLE);
    var most = new Situation("", selection(serving("a", NEW), serving("b", NEW), away)).wanting();

    assertThat(serving.conditions()).isEqualTo("True/Succeeded");
    assertThat(most.conditions()).isEqualTo("True/Succeeded");
    assertThat(most.condition("FullyPlaced").getStatus()).isEqualTo("False");
    assertThat(most.status().nodes().unreachable()).isEqualTo(1);
  }

  @Test
  void isNotReadyWhenMoreThanHalfOfTheNodesAreUnreachable() {
    var away = with(serving("b", NEW), Reachability.UNREACHABLE);
    var lone = selection(serving("a", NEW), away, with(fresh("c"), Reachability.UNREACHABLE));

    assertThat(new Situation("", lone).wanting().conditions())
        .isEqualTo("False/PeerMissing Reconciling");
  }

  @Test
  void isNotRaisedBeforeTheNodesHaveReported() {
    var waiting =
        new Situation("", selection(serving("a", NEW), with(fresh("b"), Reachability.PENDING)));

    assertThat(waiting.wanting().conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(waiting.wanting().trackerLost().conditions())
        .isEqualTo("False/TrackerUnavailable Reconciling");
  }

  @Test
  void staysReadyWhileTheNodesOfARestartedOperatorHaveNotReported() {
    var unheard =
        selection(with(fresh("a"), Reachability.PENDING), with(fresh("b"), Reachability.PENDING));
    var restarted = new Situation("", unheard).wanting().after(serving.status());

    assertThat(restarted.conditions()).isEqualTo("True/Succeeded");
    assertThat(restarted.condition("Available").getStatus()).isEqualTo("True");
  }

  @Test
  void staysReadyWhileANewNodeJoins() {
    var joining =
        new Situation("", selection(serving("a", NEW), serving("b", NEW), fresh("c")))
            .wanting()
            .after(serving.status());

    assertThat(joining.conditions()).isEqualTo("True/Succeeded");
    assertThat(joining.condition("FullyPlaced").getStatus()).isEqualTo("False");
  }

  @Test
  void namesTheReasonOfFailedNodes() {
    var full = failed("b", NEW, Reason.InsufficientDisk);
    var foreign = failed("c", NEW, Reason.ForeignContent);
    var one = new Situation("", selection(serving("a", NEW), full)).wanting();
    var two = new Situation("", selection(serving("a", NEW), full, foreign)).wanting();

    assertThat(one.conditions()).isEqualTo("False/InsufficientDisk Stalled");
    assertThat(one.message()).startsWith("b: why it failed");
    assertThat(one.status().failures()).hasSize(1);
    assertThat(two.conditions()).isEqualTo("False/TooManyFailedNodes Stalled");
  }

  @Test
  void isReadyWithNoMoreFailuresThanMayBe() {
    var full = failed("c", NEW, Reason.InsufficientDisk);
    var some = selection(serving("a", NEW), serving("b", NEW), full);
    var allowed = new Situation("rollout: {maxFailed: 1}", some).wanting();
    var more =
        new Situation(
                "rollout: {maxFailed: 1}",
                selection(serving("a", NEW), full, failed("d", NEW, Reason.InsufficientDisk)))
            .wanting()
            .after(serving.status());

    assertThat(allowed.conditions()).isEqualTo("True/Succeeded");
    assertThat(allowed.message()).contains("active on 2 of 3 nodes; 1 failed");
    assertThat(allowed.status().currentRevision()).isEqualTo(NEW.revision());
    assertThat(more.conditions()).isEqualTo("False/TooManyFailedNodes Stalled");
    assertThat(more.message())
        .startsWith("2 nodes failed, 1 may: c: why it failed (and 1 more failed)")
        .endsWith("is still active on 1 of 3 nodes");
  }

  @Test
  void isPausedWhenAWaveIsDone() {
    var waves =
        "rollout: {waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]}";
    var canary =
        new Situation(waves, selection(serving("a", NEW), placed("b", NEW, OLD))).wanting();

    assertThat(canary.conditions()).isEqualTo("False/Paused Reconciling");
    assertThat(canary.message())
        .contains(
            "wave canary (1 of 2) is done; to begin the next one: kubectl -n search annotate swr model corvid.dev/approve=%s/canary --overwrite --field-manager=corvid-user; by a commit: "
                .formatted(NEW.manifestDigest().substring("sha256:".length())),
            "or remove spec.rollout.waves[0].pause");
    assertThat(canary.status().wave().name()).isEqualTo("canary");
    assertThat(canary.status().wave().completionTime()).isEqualTo(NOW.toString());
    assertThat(canary.condition("Available").getStatus()).isEqualTo("True");
  }

  @Test
  void isPausedWhenPlacedUntilSomebodyApproves() {
    var placed = selection(placed("a", NEW, OLD), placed("b", NEW, OLD));

    var waiting = new Situation("rollout: {approval: Required}", placed).wanting();
    assertThat(waiting.conditions()).isEqualTo("False/Paused Reconciling");
    assertThat(waiting.annotated("corvid.dev/approve", NEW.revision()).conditions())
        .isEqualTo("False/Progressing Reconciling");
    var held = new Situation("", placed).wanting().annotated("corvid.dev/hold", "true");
    assertThat(held.conditions()).isEqualTo("False/Paused Reconciling");
    assertThat(held.message()).contains("kubectl -n search annotate swr model corvid.dev/hold-");
    var distributed =
        new Situation("rollout: {approval: Required, readyWhen: Distributed}", placed).wanting();
    assertThat(distributed.conditions()).isEqualTo("True/Succeeded");
    assertThat(distributed.message())
        .contains("is placed on 2 of 2 nodes and active on 0; ", " waits for approval. To approve");
  }

  @Test
  void tellsOfAnAnnotationThatChangesNothing() {
    var placed = selection(placed("a", NEW, OLD), serving("b", NEW));
    var guessed = new Situation("", placed).wanting().annotated("corvid.dev/hold", "yes");

    assertThat(guessed.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(guessed.message())
        .endsWith(
            "; the annotation corvid.dev/hold has the invalid value \"yes\"; set it to true or false");
    assertThat(guessed.condition("AnnotationIgnored").getReason()).isEqualTo("Malformed");
    var done = new Situation("", selection(serving("b", NEW))).wanting();
    assertThat(done.annotated("corvid.dev/hold", "yes").condition("Ready").getMessage())
        .isEqualTo(done.message());
    assertThat(Conditions.find(done.status().conditions(), "AnnotationIgnored")).isEmpty();
  }

  @Test
  void isProgressingAsLongAsAHeldRevisionIsNotPlaced() {
    var placing = selection(placed("a", NEW, OLD), downloading("b", NEW, OLD));

    assertThat(new Situation("rollout: {approval: Required}", placing).wanting().conditions())
        .isEqualTo("False/Progressing Reconciling");
  }

  @Test
  void namesNodesThatCannotSayWhatKeepsThem() {
    var away = with(serving("b", OLD), Reachability.UNREACHABLE);
    var failures =
        new Situation("", absent(selection(serving("a", NEW), away), fresh("c")))
            .wanting()
            .status()
            .failures();

    assertThat(failures)
        .extracting(SwarmReleaseStatus.Failure::nodeName, SwarmReleaseStatus.Failure::reason)
        .containsExactly(tuple("c", "PeerMissing"), tuple("b", "PeerMissing"));
  }

  @Test
  void saysThatTheTrackerIsLostAsLongAsItIsNotReady() {
    var moving =
        new Situation("", selection(serving("a", NEW), downloading("b", NEW, OLD))).wanting();

    assertThat(moving.trackerLost().conditions()).isEqualTo("False/TrackerUnavailable Reconciling");
    assertThat(serving.trackerLost().conditions()).isEqualTo("True/Succeeded");
    assertThat(fetching.trackerLost().conditions())
        .isEqualTo("False/TrackerUnavailable Reconciling");
  }

  @Test
  void saysThatNoPeerRunsOnAnyMatchingNode() {
    var alone = new Situation("", absent(selection(), fresh("a")));

    assertThat(alone.conditions()).isEqualTo("False/PeerMissing Reconciling");
    assertThat(alone.condition("FullyPlaced").getReason()).isEqualTo("PeerMissing");
  }

  @Test
  void isNeitherReconcilingNorStalledWhileSuspended() {
    assertThat(new Situation("suspend: true", selection(fresh("a"))).conditions())
        .isEqualTo("False/Suspended");
    assertThat(new Situation("suspend: true", selection(serving("a", NEW))).wanting().conditions())
        .isEqualTo("True/Suspended");
  }

  @Test
  void isAvailableWhenEveryReachableNodeServesSomeRevision() {
    var updating = new Situation("", selection(placed("a", NEW, OLD))).wanting();

    assertThat(updating.condition("Available").getStatus()).isEqualTo("True");
    assertThat(fetching.condition("Available").getStatus()).isEqualTo("False");
  }

  @Test
  void staysAvailableWhileAFileOfTheActiveRevisionIsMended() {
    var damaged = new Situation("", selection(serving("a", NEW), mending("b", NEW))).wanting();

    assertThat(damaged.conditions()).startsWith("False/Corrupted");
    assertThat(damaged.message()).startsWith("b: 'a' changed");
    assertThat(damaged.condition("Available").getStatus()).isEqualTo("True");
  }

  @Test
  void countsNodesAndBytes() {
    var status =
        new Situation(
                "",
                absent(
                    selection(serving("a", NEW), placed("b", NEW), downloading("c", NEW, null)),
                    fresh("d")))
            .wanting()
            .status();

    assertThat(status.nodes().summary()).isEqualTo("1/3");
    assertThat(status.nodes().verified()).isEqualTo(2);
    assertThat(status.nodes().downloading()).isEqualTo(1);
    assertThat(status.nodes().unserved()).isEqualTo(1);
    assertThat(status.progress().summary()).isEqualTo("80%");
  }

  @Test
  void carriesTheTimeOfTheLastTransition() {
    var later =
        new Situation("", selection(serving("a", NEW), serving("b", NEW)))
            .wanting()
            .after(serving.status())
            .at(NOW.plusSeconds(60));

    assertThat(later.condition("Ready").getLastTransitionTime()).isEqualTo(NOW.toString());
    assertThat(later.condition("Ready").getObservedGeneration()).isEqualTo(4);
  }
}

package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.census;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member.Reach;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederReport;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of situations: Ready with its reason, then Reconciling and Stalled where they are. */
class StatusReportTest {
  private final Situation fetching = new Situation("", census(fresh("a")));
  private final Situation serving =
      new Situation("", census(serving("a", NEW), serving("b", NEW))).wanting();

  @Test
  void progressesWhileTheSourceIsFetched() {
    assertThat(fetching.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(fetching.message()).isEqualTo("starting the seeder");
    assertThat(fetching.fetched(512 << 20, 1 << 30).message())
        .isEqualTo("fetching the source: 512Mi of 1Gi");
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
  void saysWhatIsStillActiveInTrouble() {
    var before = serving.status();
    var editing = new Situation("", census(serving("a", OLD))).after(before);

    assertThat(editing.problem(Reason.DigestMismatch).message())
        .endsWith(NEW.revision() + " is still active");
  }

  @Test
  void progressesUntilEveryNodeServesTheRevision() {
    var rolling = new Situation("", census(serving("a", NEW), placed("b", NEW, OLD))).wanting();

    assertThat(rolling.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(rolling.message()).isEqualTo(NEW.revision() + ": 2 of 2 nodes hold it, 1 serve it");
  }

  @Test
  void succeedsWhenEveryReachableNodeServesIt() {
    var away = with(fresh("c"), Reach.UNREACHABLE);
    var most = new Situation("", census(serving("a", NEW), serving("b", NEW), away)).wanting();

    assertThat(serving.conditions()).isEqualTo("True/Succeeded");
    assertThat(most.conditions()).isEqualTo("True/Succeeded");
    assertThat(most.condition("FullyPlaced").getStatus()).isEqualTo("False");
    assertThat(most.status().nodes().unreachable()).isEqualTo(1);
  }

  @Test
  void isNotReadyWhenMoreThanHalfOfTheNodesAreUnreachable() {
    var away = with(serving("b", NEW), Reach.UNREACHABLE);
    var lone = census(serving("a", NEW), away, with(fresh("c"), Reach.UNREACHABLE));

    assertThat(new Situation("", lone).wanting().conditions())
        .isEqualTo("False/PeerMissing Reconciling");
  }

  @Test
  void isNotRaisedBeforeTheNodesHaveReported() {
    var waiting = new Situation("", census(serving("a", NEW), with(fresh("b"), Reach.PENDING)));

    assertThat(waiting.wanting().conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(waiting.wanting().trackerLost().conditions())
        .isEqualTo("False/TrackerUnavailable Reconciling");
  }

  @Test
  void staysReadyWhileTheNodesOfARestartedOperatorHaveNotReported() {
    var unheard = census(with(fresh("a"), Reach.PENDING), with(fresh("b"), Reach.PENDING));
    var restarted = new Situation("", unheard).wanting().after(serving.status());

    assertThat(restarted.conditions()).isEqualTo("True/Succeeded");
    assertThat(restarted.condition("Available").getStatus()).isEqualTo("True");
  }

  @Test
  void staysReadyWhileANewNodeJoins() {
    var joining =
        new Situation("", census(serving("a", NEW), serving("b", NEW), fresh("c")))
            .wanting()
            .after(serving.status());

    assertThat(joining.conditions()).isEqualTo("True/Succeeded");
    assertThat(joining.condition("FullyPlaced").getStatus()).isEqualTo("False");
  }

  @Test
  void namesTheReasonOfFailedNodes() {
    var full = failed("b", NEW, Reason.InsufficientDisk);
    var foreign = failed("c", NEW, Reason.ForeignContent);
    var one = new Situation("", census(serving("a", NEW), full)).wanting();
    var two = new Situation("", census(serving("a", NEW), full, foreign)).wanting();

    assertThat(one.conditions()).isEqualTo("False/InsufficientDisk Stalled");
    assertThat(one.message()).startsWith("b: why it failed");
    assertThat(one.status().failures()).hasSize(1);
    assertThat(two.conditions()).isEqualTo("False/TooManyFailedNodes Stalled");
  }

  @Test
  void stallsWhenFewerNodesMatchThanTheMinimum() {
    assertThat(new Situation("", census()).conditions()).isEqualTo("False/NoNodesMatched Stalled");
  }

  @Test
  void saysThatNoPeerRunsOnAnyMatchingNode() {
    var alone = new Situation("", absent(census(), fresh("a")));

    assertThat(alone.conditions()).isEqualTo("False/PeerMissing Reconciling");
    assertThat(alone.condition("FullyPlaced").getReason()).isEqualTo("PeerMissing");
  }

  @Test
  void isNeitherReconcilingNorStalledWhileSuspended() {
    assertThat(new Situation("suspend: true", census(fresh("a"))).conditions())
        .isEqualTo("False/Suspended");
    assertThat(new Situation("suspend: true", census(serving("a", NEW))).wanting().conditions())
        .isEqualTo("True/Suspended");
  }

  @Test
  void isAvailableWhenEveryReachableNodeServesSomeRevision() {
    var updating = new Situation("", census(placed("a", NEW, OLD))).wanting();

    assertThat(updating.condition("Available").getStatus()).isEqualTo("True");
    assertThat(fetching.condition("Available").getStatus()).isEqualTo("False");
  }

  @Test
  void countsNodesAndBytes() {
    var status =
        new Situation(
                "",
                absent(
                    census(serving("a", NEW), placed("b", NEW), downloading("c", NEW, null)),
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
        new Situation("", census(serving("a", NEW), serving("b", NEW)))
            .wanting()
            .after(serving.status())
            .at(NOW.plusSeconds(60));

    assertThat(later.condition("Ready").getLastTransitionTime()).isEqualTo(NOW.toString());
    assertThat(later.condition("Ready").getObservedGeneration()).isEqualTo(4);
  }

  /** Facts, one word at a time. */
  private record Situation(Facts facts) {
    Situation(String spec, Census census) {
      this(
          new Facts(
              4,
              NOW,
              Given.release(spec).getSpec(),
              SwarmReleaseStatus.empty(),
              new History(List.of()),
              null,
              census,
              null,
              null,
              false,
              NOW,
              false,
              false));
    }

    Situation wanting() {
      var revision = Given.revision(NEW, "sha256:new");
      return with(new History(List.of(revision)), revision, facts.seeder(), facts.problem());
    }

    Situation fetched(long bytes, long total) {
      var report =
          new SeederReport(
              SeederReport.State.FETCHING, "10.0.0.1", 1, bytes, total, null, 0, null, null);
      return with(facts.history(), facts.wanted(), report, facts.problem());
    }

    Situation problem(Reason reason) {
      var problem = new Problem(reason, "what happened");
      return with(facts.history(), facts.wanted(), facts.seeder(), problem);
    }

    Situation overdue() {
      return flags(facts.before(), true, facts.trackerLost(), facts.now());
    }

    Situation trackerLost() {
      return flags(facts.before(), facts.overdue(), true, facts.now());
    }

    Situation after(SwarmReleaseStatus before) {
      return flags(before, facts.overdue(), facts.trackerLost(), facts.now());
    }

    Situation at(Instant now) {
      return flags(facts.before(), facts.overdue(), facts.trackerLost(), now);
    }

    private Situation with(
        History history, SwarmReleaseStatus.Revision wanted, SeederReport seeder, Problem problem) {
      return new Situation(
          new Facts(
              facts.generation(),
              facts.now(),
              facts.spec(),
              facts.before(),
              history,
              wanted,
              facts.census(),
              seeder,
              problem,
              facts.refused(),
              facts.lastProgress(),
              facts.overdue(),
              facts.trackerLost()));
    }

    private Situation flags(
        SwarmReleaseStatus before, boolean overdue, boolean trackerLost, Instant now) {
      return new Situation(
          new Facts(
              facts.generation(),
              now,
              facts.spec(),
              before,
              facts.history(),
              facts.wanted(),
              facts.census(),
              facts.seeder(),
              facts.problem(),
              facts.refused(),
              facts.lastProgress(),
              overdue,
              trackerLost));
    }

    SwarmReleaseStatus status() {
      return StatusReport.of(facts);
    }

    Condition condition(String type) {
      return Conditions.find(status().conditions(), type).orElseThrow();
    }

    String message() {
      return condition("Ready").getMessage();
    }

    String conditions() {
      String abnormal =
          status().conditions().stream()
              .map(Condition::getType)
              .filter(type -> type.equals("Reconciling") || type.equals("Stalled"))
              .collect(Collectors.joining(" "));
      Condition ready = condition("Ready");
      return (ready.getStatus() + "/" + ready.getReason() + " " + abnormal).strip();
    }
  }
}

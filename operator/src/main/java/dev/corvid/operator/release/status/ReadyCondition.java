package dev.corvid.operator.release.status;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.RevisionDisplayName;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.text.ByteSize;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a release is: one row of this table.
 *
 * <pre>
 * situation                                   Ready                  Reconciling  Stalled
 * downloading, or nodes switching             False/Progressing      True         -
 * placed everywhere, if that is what counts   True/Succeeded         -            -
 * paused: in a wave, held, or not approved    False/Paused           True         -
 * active on all wanted nodes                  True/Succeeded         -            -
 * active, one new node joining                True/Succeeded         -            -
 * suspended before / after success            False / True Suspended -            -
 * suspended, and no node is needed            True/Suspended         -            -
 * too few nodes match                         {@link NodesMatchedCondition}
 * what needs somebody (digest, root, disk …)  False/its reason       -            True
 * what passes by itself (source unreachable)  False/its reason       True         -
 * the tracker does not answer / is refused    False/its reason       True / -     - / True
 * the seeder waits for a Secret or a volume   False/SeederFailed     True         -
 * more nodes failed than may                  False/its reason       -            True
 * … some by an internal error, less than 3 ×  False/its reason       True         -
 * deadline passed                             False/its reason       -            True
 * nodes are well, but its claim is another's  False/ClaimConflict    as nodes are else
 * nodes are well, but its claim is refused    False/ClaimRefused     as nodes are else
 * a step is refused, nodes are well           False/RequestRefused   as nodes are else
 * one of these three, and another reason      as without it, with its message at the end
 * </pre>
 */
record ReadyCondition(
    String ready, Reason reason, String message, boolean reconciling, boolean stalled) {
  /** What says less than a problem that is none of the nodes'. */
  private static final Set<Reason> OUTWEIGHED =
      EnumSet.of(
          Reason.Progressing, Reason.Succeeded, Reason.Paused, Reason.ProgressDeadlineExceeded);

  static ReadyCondition of(StatusInput input, NodeCounts counts) {
    return new Evaluation(input, counts).readyCondition();
  }

  private ReadyCondition with(Problem side) {
    return new ReadyCondition(ready, reason, message + "; " + side.message(), reconciling, stalled);
  }

  private record Evaluation(StatusInput input, NodeCounts counts) {
    /** Nodes get a release that no pod can mount, or of which a step fails, but it is not Ready. */
    ReadyCondition readyCondition() {
      ReadyCondition placed = annotated(ofNodes());
      Problem side = input.obstacles().sideProblem();
      if (side == null || isNothingTo(placed, side)) {
        return placed;
      }
      if (!OUTWEIGHED.contains(placed.reason())) {
        return placed.with(side);
      }
      boolean passing = placed.reconciling() || !side.needsSomebody() && !input.rollout().overdue();
      String message = side.message() + "; " + placed.message();
      return new ReadyCondition("False", side.reason(), message, passing, !passing);
    }

    /** Whoever waits for the nodes reads why an annotation does not change that. */
    private ReadyCondition annotated(ReadyCondition v) {
      boolean waits = v.reason() == Reason.Progressing || v.reason() == Reason.Paused;
      return input.rollout().ignored() == null || !waits
          ? v
          : new ReadyCondition(
              v.ready(),
              v.reason(),
              v.message() + "; " + input.rollout().ignored().message(),
              v.reconciling(),
              v.stalled());
    }

    /** What passes by itself does not make a release unready that is. */
    private static boolean isNothingTo(ReadyCondition placed, Problem side) {
      return side.reason() == Reason.Progressing && "True".equals(placed.ready());
    }

    private ReadyCondition ofNodes() {
      if (input.obstacles().refused()) {
        Problem problem = requireNonNull(input.obstacles().problem(), "why it is refused");
        return stalled(problem.reason(), problem.message());
      }
      Optional<ReadyCondition> tooFew = NodesMatchedCondition.tooFew(input);
      if (tooFew.isPresent()) {
        return tooFew.get();
      }
      if (input.spec().suspend()) {
        boolean none = input.nodes().selection().matching() == 0;
        boolean after =
            input.rollout().wanted() != null && counts.isUpdated() && !input.awaitsWave();
        String message =
            "spec.suspend is true: nothing new is fetched, placed or activated"
                + (none ? "; " + NodesMatchedCondition.noNode(input).message() : "");
        String ready = none || after ? "True" : "False";
        return new ReadyCondition(ready, Reason.Suspended, message, false, false);
      }
      return input.rollout().wanted() == null ? fetching() : placing();
    }

    private ReadyCondition fetching() {
      if (input.obstacles().problem() != null) {
        return troubled(input.obstacles().problem());
      }
      return nobodyToServe()
          .or(this::trackerLost)
          .or(this::late)
          .orElseGet(() -> progressing(fetched()));
    }

    private ReadyCondition placing() {
      if (counts.absent().pending() > 0) {
        return wasReady() ? keepReady() : waitingForNodes();
      }
      var failure = input.nodes().failures().tooMany(input.failuresAllowed());
      if (failure.isPresent()) {
        return troubled(failure.get());
      }
      if (counts.absent().unreachable() * 2 > counts.desired()) {
        String text =
            "%d of %d nodes are unreachable%s"
                .formatted(counts.absent().unreachable(), counts.desired(), hold());
        return troubled(new Problem(Reason.PeerMissing, text));
      }
      if (counts.isUpdated() && !input.awaitsWave()) {
        return succeeded(served());
      }
      if (input.needsPlacingOnly() && counts.isPlaced()) {
        return succeeded(placed() + hold());
      }
      return nobodyToServe()
          .or(this::joining)
          .or(this::trackerLost)
          .or(this::trouble)
          .or(this::paused)
          .or(this::late)
          .orElseGet(this::moving);
    }

    private Optional<ReadyCondition> nobodyToServe() {
      if (counts.desired() > 0) {
        return Optional.empty();
      }
      return Optional.of(
          counts.absent().unserved() == 0
              ? succeeded(withActive(NodesMatchedCondition.none(input)))
              : troubled(
                  new Problem(
                      Reason.PeerMissing,
                      NodesMatchedCondition.match(counts.absent().unserved())
                          + ", but no Corvid peer runs on "
                          + (counts.absent().unserved() == 1 ? "it" : "any of them"))));
    }

    /** A release that was Ready stays so while a few new nodes fetch it. */
    private Optional<ReadyCondition> joining() {
      int done = input.needsPlacingOnly() ? counts.stages().verified() : counts.stages().updated();
      boolean few = done * 2 >= counts.reachable();
      boolean all =
          input.needsPlacingOnly() || counts.stages().serving() == counts.stages().updated();
      return wasReady() && few && all ? Optional.of(keepReady()) : Optional.empty();
    }

    /** Transfers do not need the tracker, reports do: it is not known how far the nodes are. */
    private Optional<ReadyCondition> trackerLost() {
      return Optional.ofNullable(input.nodes().tracker()).map(this::troubled);
    }

    /** What holds the nodes that can be reached, too. */
    private String hold() {
      return input.rollout().plan().state() instanceof RolloutState.Paused paused
          ? "; " + paused.why()
          : "";
    }

    private Optional<ReadyCondition> paused() {
      return input.rollout().plan().state() instanceof RolloutState.Paused paused
          ? Optional.of(new ReadyCondition("False", Reason.Paused, held(paused), true, false))
          : Optional.empty();
    }

    private String held(RolloutState.Paused paused) {
      return withActive(
          "%s: %d of %d nodes serve it; %s"
              .formatted(wanted(), counts.stages().updated(), counts.desired(), paused.why()));
    }

    private Optional<ReadyCondition> trouble() {
      boolean noCopy = input.nodes().selection().holders(input.revision().digest()) == 0;
      return Optional.ofNullable(input.obstacles().problem())
          .filter(p -> noCopy)
          .map(this::troubled);
    }

    private Optional<ReadyCondition> late() {
      String text =
          "no progress on any node for %s, since %s: %s"
              .formatted(
                  input.spec().rollout().progressDeadline(),
                  input.rollout().lastProgress().truncatedTo(ChronoUnit.SECONDS),
                  Blocker.of(input, counts));
      return input.rollout().overdue()
          ? Optional.of(stalled(Reason.ProgressDeadlineExceeded, text))
          : Optional.empty();
    }

    private ReadyCondition waitingForNodes() {
      return trackerLost().or(this::late).orElseGet(() -> progressing(waiting()));
    }

    private String served() {
      return "%s is active on %d of %d nodes%s"
          .formatted(
              wanted(), counts.stages().updated(), input.nodes().selection().matching(), allowed());
    }

    private String placed() {
      return "%s is placed on %d of %d nodes and active on %d%s"
          .formatted(
              wanted(),
              counts.stages().verified(),
              input.nodes().selection().matching(),
              counts.stages().updated(),
              allowed());
    }

    private String wanted() {
      return RevisionDisplayName.of(input.revision());
    }

    private String allowed() {
      int failed = input.nodes().failures().count();
      return failed == 0 ? "" : "; " + failed + " failed, which spec.rollout.maxFailed allows";
    }

    private String waiting() {
      return "waiting for the reports of %d of %d nodes"
          .formatted(counts.absent().pending(), counts.desired());
    }

    private ReadyCondition moving() {
      return progressing(
          "%s: %d of %d nodes hold it, %d serve it%s"
              .formatted(
                  wanted(),
                  counts.stages().verified(),
                  counts.desired(),
                  counts.stages().updated(),
                  wave()));
    }

    private String wave() {
      var wave = input.rollout().plan().wave();
      return wave == null
          ? ""
          : "; wave %s (%d of %d)".formatted(wave.name(), wave.index(), wave.total());
    }

    private boolean wasReady() {
      SwarmReleaseStatus before = input.before();
      return StatusRevisions.isUpdate(before, input.revision())
          && Conditions.find(before.conditions(), Conditions.READY)
              .filter(c -> "True".equals(c.getStatus()))
              .filter(c -> Long.valueOf(input.generation()).equals(c.getObservedGeneration()))
              .isPresent();
    }

    private ReadyCondition keepReady() {
      return succeeded(
          Conditions.find(input.before().conditions(), Conditions.READY)
              .orElseThrow()
              .getMessage());
    }

    private String fetched() {
      SeederReport seeder = input.seeder().report();
      if (seeder == null) {
        return "starting the seeder"
            + (input.seeder().starting() == null ? "" : ": " + input.seeder().starting());
      }
      return "fetching the source%s: %s%s%s"
          .formatted(
              input.spec().version() == null ? "" : " of version " + input.spec().version(),
              ByteSize.format(seeder.originBytes()),
              seeder.originTotal() == 0 ? "" : " of " + ByteSize.format(seeder.originTotal()),
              seeder.message() == null ? "" : "; " + seeder.message());
    }

    private ReadyCondition troubled(Problem problem) {
      boolean stalled = problem.needsSomebody() || input.rollout().overdue();
      String message = withActive(problem.message());
      return new ReadyCondition("False", problem.reason(), message, !stalled, stalled);
    }

    private ReadyCondition stalled(Reason reason, String message) {
      return new ReadyCondition("False", reason, withActive(message), false, true);
    }

    private String withActive(String message) {
      return message + CurrentRevisionSuffix.suffix(input);
    }

    private static ReadyCondition progressing(String message) {
      return new ReadyCondition("False", Reason.Progressing, message, true, false);
    }

    private static ReadyCondition succeeded(String message) {
      return new ReadyCondition("True", Reason.Succeeded, message, false, false);
    }
  }
}

package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederReport;
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
 * too few nodes match                         {@link Matching}
 * what needs somebody (digest, root, disk …)  False/its reason       -            True
 * what passes by itself (source unreachable)  False/its reason       True         -
 * the seeder waits for a Secret or a volume   False/SeederFailed     True         -
 * more nodes failed than may                  False/its reason       -            True
 * deadline passed                             False/its reason       -            True
 * nodes are well, but its claim is another's  False/ClaimConflict    as nodes are else
 * nodes are well, but its claim is refused    False/ClaimRefused     as nodes are else
 * a step is refused, nodes are well           False/RequestRefused   as nodes are else
 * one of these three, and another reason      as without it, with its message at the end
 * </pre>
 */
record Verdict(String ready, Reason reason, String message, boolean reconciling, boolean stalled) {
  /** What says less than a problem that is none of the nodes'. */
  private static final Set<Reason> OUTWEIGHED =
      EnumSet.of(
          Reason.Progressing, Reason.Succeeded, Reason.Paused, Reason.ProgressDeadlineExceeded);

  static Verdict of(Facts facts, Tally tally) {
    return new Judge(facts, tally).verdict();
  }

  private Verdict with(Problem side) {
    return new Verdict(ready, reason, message + "; " + side.message(), reconciling, stalled);
  }

  private record Judge(Facts facts, Tally tally) {
    /** Nodes get a release that no pod can mount, or of which a step fails, but it is not Ready. */
    Verdict verdict() {
      Verdict placed = annotated(ofNodes());
      Problem side = facts.sideProblem();
      if (side == null || isNothingTo(placed, side)) {
        return placed;
      }
      if (!OUTWEIGHED.contains(placed.reason())) {
        return placed.with(side);
      }
      boolean passing = placed.reconciling() || !side.needsSomebody() && !facts.overdue();
      String message = side.message() + "; " + placed.message();
      return new Verdict("False", side.reason(), message, passing, !passing);
    }

    /** Whoever waits for the nodes reads why an annotation does not change that. */
    private Verdict annotated(Verdict v) {
      boolean waits = v.reason() == Reason.Progressing || v.reason() == Reason.Paused;
      return facts.ignored() == null || !waits
          ? v
          : new Verdict(
              v.ready(),
              v.reason(),
              v.message() + "; " + facts.ignored().message(),
              v.reconciling(),
              v.stalled());
    }

    /** What passes by itself does not make a release unready that is. */
    private static boolean isNothingTo(Verdict placed, Problem side) {
      return side.reason() == Reason.Progressing && "True".equals(placed.ready());
    }

    private Verdict ofNodes() {
      if (facts.refused()) {
        return stalled(facts.problem().reason(), facts.problem().message());
      }
      Optional<Verdict> tooFew = Matching.tooFew(facts);
      if (tooFew.isPresent()) {
        return tooFew.get();
      }
      if (facts.spec().suspend()) {
        boolean none = facts.selection().matching() == 0;
        boolean after = facts.wanted() != null && tally.isUpdated() && !facts.awaitsWave();
        String message =
            "spec.suspend is true: nothing new is fetched, placed or activated"
                + (none ? "; " + Matching.noNode(facts).message() : "");
        String ready = none || after ? "True" : "False";
        return new Verdict(ready, Reason.Suspended, message, false, false);
      }
      return facts.wanted() == null ? fetching() : placing();
    }

    private Verdict fetching() {
      if (facts.problem() != null) {
        return troubled(facts.problem());
      }
      return nobodyToServe()
          .or(this::trackerLost)
          .or(this::late)
          .orElseGet(() -> progressing(fetched()));
    }

    private Verdict placing() {
      if (tally.pending() > 0) {
        return wasReady() ? keepReady() : waitingForNodes();
      }
      var failure = facts.failures().tooMany(facts.failuresAllowed());
      if (failure.isPresent()) {
        return troubled(failure.get());
      }
      if (tally.unreachable() * 2 > tally.desired()) {
        String text =
            "%d of %d nodes are unreachable%s"
                .formatted(tally.unreachable(), tally.desired(), hold());
        return troubled(new Problem(Reason.PeerMissing, text));
      }
      if (tally.isUpdated() && !facts.awaitsWave()) {
        return succeeded(served());
      }
      if (facts.needsPlacingOnly() && tally.isPlaced()) {
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

    private Optional<Verdict> nobodyToServe() {
      if (tally.desired() > 0) {
        return Optional.empty();
      }
      return Optional.of(
          tally.unserved() == 0
              ? succeeded(withActive(Matching.none(facts)))
              : troubled(
                  new Problem(
                      Reason.PeerMissing,
                      Matching.match(tally.unserved())
                          + ", but no Corvid peer runs on "
                          + (tally.unserved() == 1 ? "it" : "any of them"))));
    }

    /** A release that was Ready stays so while a few new nodes fetch it. */
    private Optional<Verdict> joining() {
      int done = facts.needsPlacingOnly() ? tally.verified() : tally.updated();
      boolean few = done * 2 >= tally.reachable();
      boolean all = facts.needsPlacingOnly() || tally.serving() == tally.updated();
      return wasReady() && few && all ? Optional.of(keepReady()) : Optional.empty();
    }

    /** Transfers do not need the tracker, reports do: it is not known how far the nodes are. */
    private Optional<Verdict> trackerLost() {
      String text = "the tracker does not answer; transfers continue without it";
      return facts.trackerLost()
          ? Optional.of(troubled(new Problem(Reason.TrackerUnavailable, text)))
          : Optional.empty();
    }

    /** What holds the nodes that can be reached, too. */
    private String hold() {
      return facts.plan().state() instanceof RolloutState.Paused paused ? "; " + paused.why() : "";
    }

    private Optional<Verdict> paused() {
      return facts.plan().state() instanceof RolloutState.Paused paused
          ? Optional.of(new Verdict("False", Reason.Paused, held(paused), true, false))
          : Optional.empty();
    }

    private String held(RolloutState.Paused paused) {
      return withActive(
          "%s: %d of %d nodes serve it; %s"
              .formatted(wanted(), tally.updated(), tally.desired(), paused.why()));
    }

    private Optional<Verdict> trouble() {
      boolean noCopy = facts.selection().holders(facts.wanted().digest()) == 0;
      return Optional.ofNullable(facts.problem()).filter(p -> noCopy).map(this::troubled);
    }

    private Optional<Verdict> late() {
      String text =
          "no progress on any node for %s, since %s: %s"
              .formatted(
                  facts.spec().rollout().progressDeadline(),
                  facts.lastProgress().truncatedTo(ChronoUnit.SECONDS),
                  Blocker.of(facts, tally));
      return facts.overdue()
          ? Optional.of(stalled(Reason.ProgressDeadlineExceeded, text))
          : Optional.empty();
    }

    private Verdict waitingForNodes() {
      return trackerLost().or(this::late).orElseGet(() -> progressing(waiting()));
    }

    private String served() {
      return "%s is active on %d of %d nodes%s"
          .formatted(wanted(), tally.updated(), facts.selection().matching(), allowed());
    }

    private String placed() {
      return "%s is placed on %d of %d nodes and active on %d%s"
          .formatted(
              wanted(), tally.verified(), facts.selection().matching(), tally.updated(), allowed());
    }

    private String wanted() {
      return Designation.of(facts.wanted());
    }

    private String allowed() {
      int failed = facts.failures().count();
      return failed == 0 ? "" : "; " + failed + " failed, which spec.rollout.maxFailed allows";
    }

    private String waiting() {
      return "waiting for the reports of %d of %d nodes"
          .formatted(tally.pending(), tally.desired());
    }

    private Verdict moving() {
      return progressing(
          "%s: %d of %d nodes hold it, %d serve it%s"
              .formatted(wanted(), tally.verified(), tally.desired(), tally.updated(), wave()));
    }

    private String wave() {
      var wave = facts.plan().wave();
      return wave == null
          ? ""
          : "; wave %s (%d of %d)".formatted(wave.name(), wave.index(), wave.total());
    }

    private boolean wasReady() {
      SwarmReleaseStatus before = facts.before();
      return StatusRevisions.isUpdate(before, facts.wanted())
          && Conditions.find(before.conditions(), Conditions.READY)
              .filter(c -> "True".equals(c.getStatus()))
              .filter(c -> Long.valueOf(facts.generation()).equals(c.getObservedGeneration()))
              .isPresent();
    }

    private Verdict keepReady() {
      return succeeded(
          Conditions.find(facts.before().conditions(), Conditions.READY)
              .orElseThrow()
              .getMessage());
    }

    private String fetched() {
      SeederReport seeder = facts.seeder();
      if (seeder == null) {
        return "starting the seeder" + (facts.starting() == null ? "" : ": " + facts.starting());
      }
      return "fetching the source%s: %s%s%s"
          .formatted(
              facts.spec().version() == null ? "" : " of version " + facts.spec().version(),
              ByteSize.format(seeder.originBytes()),
              seeder.originTotal() == 0 ? "" : " of " + ByteSize.format(seeder.originTotal()),
              seeder.message() == null ? "" : "; " + seeder.message());
    }

    private Verdict troubled(Problem problem) {
      boolean stalled = problem.needsSomebody() || facts.overdue();
      String message = withActive(problem.message());
      return new Verdict("False", problem.reason(), message, !stalled, stalled);
    }

    private Verdict stalled(Reason reason, String message) {
      return new Verdict("False", reason, withActive(message), false, true);
    }

    private String withActive(String message) {
      return message + StillActive.suffix(facts);
    }

    private static Verdict progressing(String message) {
      return new Verdict("False", Reason.Progressing, message, true, false);
    }

    private static Verdict succeeded(String message) {
      return new Verdict("True", Reason.Succeeded, message, false, false);
    }
  }
}

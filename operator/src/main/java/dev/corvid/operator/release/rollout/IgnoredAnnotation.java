package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.wire.text.Printable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An annotation whose value changes nothing, because of its form or because nothing is called that.
 * Nobody guesses what was meant; it is told.
 *
 * @param reason of the condition
 * @param message what it is, and what to write
 */
public record IgnoredAnnotation(String reason, String message) {
  static final String MALFORMED = ConditionReason.Malformed.name();
  public static final String UNKNOWN_REVISION = ConditionReason.UnknownRevision.name();
  static final String UNKNOWN_GENERATION = ConditionReason.UnknownGeneration.name();
  static final String UNKNOWN_WAVE = ConditionReason.UnknownWave.name();

  private static final int SHOWN = 40;

  /**
   * @param history the revisions that are known
   * @param wanted the one that the spec means; null as long as its content is not known
   */
  public static Optional<IgnoredAnnotation> of(
      Annotations annotations,
      Rollout policy,
      RevisionHistory history,
      @Nullable ReleaseRevision wanted) {
    SafetyOverrides overrides = annotations.overrides();
    return Stream.of(
            hold(annotations),
            approve(annotations, policy, history, wanted),
            allowance(overrides, SafetyOverrides.REMOVAL),
            allowance(overrides, SafetyOverrides.EMPTY_WAVE))
        .flatMap(Optional::stream)
        .reduce((a, b) -> new IgnoredAnnotation(a.reason, a.message + "; " + b.message));
  }

  private static Optional<IgnoredAnnotation> hold(Annotations annotations) {
    String value = annotations.hold();
    return value == null || value.equals("true") || value.equals("false")
        ? Optional.empty()
        : Optional.of(
            new IgnoredAnnotation(
                MALFORMED,
                "the annotation %s has the invalid value %s; set it to true or false"
                    .formatted(ReleaseAnnotations.HOLD, quoted(value))));
  }

  /** One of an earlier generation was ended by an edit, as it should; what it is for says so. */
  private static Optional<IgnoredAnnotation> allowance(
      SafetyOverrides overrides, String annotation) {
    String value = overrides.values().get(annotation);
    if (value == null) {
      return Optional.empty();
    }
    OptionalLong named = SafetyOverrides.named(value);
    if (named.isEmpty()) {
      return Optional.of(
          new IgnoredAnnotation(
              MALFORMED,
              "the annotation %s has the invalid value %s; set it to the generation of the spec that it is for, which is %d now"
                  .formatted(annotation, quoted(value), overrides.generation())));
    }
    return named.getAsLong() <= overrides.generation()
        ? Optional.empty()
        : Optional.of(
            new IgnoredAnnotation(
                UNKNOWN_GENERATION,
                "the annotation %s is %s, but the generation of the spec is %d: set it to that one, or remove the annotation"
                    .formatted(annotation, value, overrides.generation())));
  }

  private static Optional<IgnoredAnnotation> approve(
      Annotations annotations,
      Rollout policy,
      RevisionHistory history,
      @Nullable ReleaseRevision wanted) {
    String value = annotations.approve();
    if (value == null) {
      return Optional.empty();
    }
    Optional<ApproveAnnotation> approve = ApproveAnnotation.of(value);
    if (approve.isEmpty()) {
      return Optional.of(
          new IgnoredAnnotation(
              MALFORMED,
              "the annotation %s has the invalid value %s; set it to REVISION or REVISION/WAVE, where REVISION is 12 to 64 lower-case hex digits of the manifest's digest"
                  .formatted(ReleaseAnnotations.APPROVE, quoted(value))));
    }
    if (wanted == null || !awaitsSwitches(wanted)) {
      return Optional.empty();
    }
    if (!approve.get().names(wanted.digest())) {
      return history.revisions().stream().anyMatch(r -> approve.get().names(r.digest()))
          ? Optional.empty()
          : Optional.of(unknown(approve.get(), history));
    }
    return Optional.ofNullable(approve.get().wave()).flatMap(wave -> wave(wave, policy));
  }

  /** Before that an approval may be of what is to come, and after it may be left over. */
  private static boolean awaitsSwitches(ReleaseRevision wanted) {
    return !RevisionHistory.SUCCEEDED.equals(wanted.result());
  }

  private static IgnoredAnnotation unknown(ApproveAnnotation approve, RevisionHistory history) {
    List<String> known = history.revisions().stream().map(ReleaseRevision::revision).toList();
    return new IgnoredAnnotation(
        UNKNOWN_REVISION,
        "the annotation %s names the revision %s, which the release does not have; the approval takes effect when that revision is published. Known revisions: %s"
            .formatted(
                ReleaseAnnotations.APPROVE,
                approve.revision(),
                known.isEmpty() ? "none yet" : String.join(", ", known)));
  }

  private static Optional<IgnoredAnnotation> wave(String wave, Rollout policy) {
    List<String> waiting = Waves.waitingForApproval(policy.waves());
    return waiting.contains(wave)
        ? Optional.empty()
        : Optional.of(
            new IgnoredAnnotation(
                UNKNOWN_WAVE,
                "the annotation %s names the wave %s, and none of that name in spec.rollout.waves has pause: {untilApproved: true}: %s"
                    .formatted(
                        ReleaseAnnotations.APPROVE,
                        wave,
                        waiting.isEmpty() ? "no wave has" : String.join(", ", waiting) + " has")));
  }

  private static String quoted(String value) {
    String shown = Printable.text(value, SHOWN);
    boolean all = shown.equals(Printable.text(value, InformerTransforms.MAX_VALUE * 6));
    return "\"%s%s\"".formatted(shown, all ? "" : "…");
  }
}

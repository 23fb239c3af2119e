package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.wire.grant.Content;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether further nodes may switch to a revision, and which waves' pauses were ended by a person:
 *
 * <pre>
 * corvid.dev/hold  approval   the revision                                      nodes may switch
 * true             any        any                                               no
 * else             Automatic  any                                               yes
 * else             Required   was active everywhere                             yes
 * else             Required   named by approvedRevision and corvid.dev/approve  yes
 * else             Required   named by one of them, the other is not there      yes
 * else             Required   named by one, the other names a different one     no
 * else             Required   named by neither                                  no
 * </pre>
 *
 * <p>A value of corvid.dev/approve that has another form counts as none. Names are the first 12 to
 * 64 hex digits of the manifest's digest and are compared with all of it, so that an approval is of
 * one content, and of none that comes later.
 *
 * @param digest of the revision, {@code sha256:…}
 * @param baseline whether it was active everywhere, and no other one was since
 */
record Approval(Rollout policy, Annotations annotations, String digest, boolean baseline) {
  private static final String FIELD = "spec.rollout.approvedRevision";
  private static final String ANNOTATION = "the annotation " + ReleaseAnnotations.APPROVE;

  /** Why no further node may switch, and how to change that; empty when they may. */
  Optional<String> hold() {
    if (annotations.isHold()) {
      return Optional.of(
          "the annotation %s is true: no further node switches. To continue: %s (if it is in a manifest, remove it there)"
              .formatted(ReleaseAnnotations.HOLD, annotations.removal(ReleaseAnnotations.HOLD)));
    }
    if (policy.approval() != Rollout.Approval.Required || baseline) {
      return Optional.empty();
    }
    String written = policy.approvedRevision();
    String annotated = approve().map(ApproveAnnotation::revision).orElse(null);
    boolean byField = written != null && ApproveAnnotation.names(written, digest);
    boolean byAnnotation = annotated != null && ApproveAnnotation.names(annotated, digest);
    if (written != null && annotated != null) {
      return byField && byAnnotation
          ? Optional.empty()
          : Optional.of(differing(written, byField, annotated, byAnnotation));
    }
    return byField || byAnnotation ? Optional.empty() : Optional.of(missing(written, annotated));
  }

  /** Whether a person has ended the pause after that wave, the first being 1. */
  boolean releases(int wave) {
    return approve()
        .filter(approve -> approve.names(digest))
        .filter(approve -> Waves.name(policy.waves(), wave).equals(approve.wave()))
        .isPresent();
  }

  /** How to end the pause after that wave. */
  String release(int wave) {
    String value = hex() + "/" + Waves.name(policy.waves(), wave);
    return "to begin the next one: %s; by a commit: write that annotation into the manifest, or remove spec.rollout.waves[%d].pause"
        .formatted(annotations.command(ReleaseAnnotations.APPROVE, value), wave - 1);
  }

  private Optional<ApproveAnnotation> approve() {
    return ApproveAnnotation.of(annotations.approve());
  }

  private String revision() {
    return Content.revisionOf(digest);
  }

  /** All of it: who approves by pasting approves this content, and no other of its name. */
  private String hex() {
    return digest.substring("sha256:".length());
  }

  private String annotate() {
    return annotations.command(ReleaseAnnotations.APPROVE, hex());
  }

  private String commit() {
    return "commit %s: \"%s\"".formatted(FIELD, hex()); // digits alone are no text in YAML
  }

  /** Of the two ways at most one is taken. */
  private String missing(@Nullable String written, @Nullable String annotated) {
    String waits = revision() + " waits for approval";
    if (written != null) {
      return "%s, %s names %s. To approve it, %s".formatted(waits, FIELD, written, commit());
    }
    if (annotated != null) {
      return "%s, %s names %s. To approve it: %s; by a commit: remove the annotation (%s), and %s"
          .formatted(
              waits,
              ANNOTATION,
              annotated,
              annotate(),
              annotations.removal(ReleaseAnnotations.APPROVE),
              commit());
    }
    return "%s. To approve it: %s; or %s".formatted(waits, annotate(), commit());
  }

  private String differing(
      String written, boolean byField, String annotated, boolean byAnnotation) {
    String both =
        "%s names %s and %s names %s: no further node switches until both name %s or one is removed. To approve it"
            .formatted(FIELD, written, ANNOTATION, annotated, revision());
    if (byField) {
      return "%s: %s".formatted(both, annotate());
    }
    return byAnnotation
        ? "%s, %s".formatted(both, commit())
        : "%s, %s, and run: %s".formatted(both, commit(), annotate());
  }
}

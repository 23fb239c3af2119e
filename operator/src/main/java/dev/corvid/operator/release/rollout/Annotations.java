package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.wire.grant.ReleaseName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person decides by annotations, as far as it is read: a GitOps controller does not revert
 * them, as it would revert an edit of the spec. Their values are anybody's words.
 *
 * @param approve null when there is none
 * @param hold null when there is none
 */
public record Annotations(
    SafetyOverrides overrides, @Nullable String approve, @Nullable String hold) {
  public static Annotations of(SwarmRelease release) {
    Map<String, String> all = release.getMetadata().getAnnotations();
    return new Annotations(
        SafetyOverrides.of(release),
        InformerTransforms.value(all.get(ReleaseAnnotations.APPROVE)),
        InformerTransforms.value(all.get(ReleaseAnnotations.HOLD)));
  }

  /** Whether no further node may switch. Another word than true or false holds nothing. */
  boolean isHold() {
    return "true".equals(hold);
  }

  /** What a person runs to set it so. */
  String command(String annotation, String value) {
    return command(overrides.release(), annotation, value);
  }

  static String command(ReleaseName release, String annotation, String value) {
    return "kubectl -n %s annotate swr %s %s=%s --overwrite --field-manager=%s"
        .formatted(
            release.namespace(),
            release.name(),
            annotation,
            value,
            ReleaseAnnotations.FIELD_MANAGER);
  }

  /** What a person runs to remove it. */
  String removal(String annotation) {
    ReleaseName release = overrides.release();
    return "kubectl -n %s annotate swr %s %s-"
        .formatted(release.namespace(), release.name(), annotation);
  }
}

package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.wire.grant.ReleaseName;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a person allows although it looks like a mistake. Each is an annotation whose value is the
 * generation of the spec that it is for, so that the next edit ends it.
 *
 * @param values of these annotations, by name: anybody's words
 */
public record SafetyOverrides(ReleaseName release, long generation, Map<String, String> values) {
  /** Most nodes, or too many, may lose the release. */
  static final String REMOVAL = ReleaseAnnotations.ALLOW_REMOVAL;

  /** A wave may pass that selects no node, or of which none can be reached. */
  public static final String EMPTY_WAVE = ReleaseAnnotations.ALLOW_EMPTY_WAVE;

  private static final Pattern GENERATION = Pattern.compile("[1-9][0-9]{0,17}");

  static SafetyOverrides of(SwarmRelease release) {
    Map<String, String> values = new TreeMap<>();
    for (String annotation : List.of(REMOVAL, EMPTY_WAVE)) {
      String value = release.getMetadata().getAnnotations().get(annotation);
      if (value != null) {
        values.put(annotation, InformerTransforms.value(value));
      }
    }
    return new SafetyOverrides(
        ResourceNames.nameOf(release), release.getMetadata().getGeneration(), values);
  }

  boolean isAllowed(String annotation) {
    return Long.toString(generation).equals(values.get(annotation));
  }

  /** The generation that such a value names; empty for another form. */
  static OptionalLong named(String value) {
    return GENERATION.matcher(value).matches()
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }

  /**
   * What a person runs to allow it, and why an annotation that is there does not.
   *
   * @param purpose what the command is for, such as "to remove it there"
   */
  String advice(String purpose, String annotation) {
    OptionalLong named = named(values.getOrDefault(annotation, ""));
    String other =
        named.isEmpty()
            ? ""
            : "%s is for generation %d, and the spec has %d; "
                .formatted(annotation, named.getAsLong(), generation);
    String command = Annotations.command(release, annotation, Long.toString(generation));
    return other + purpose + ": " + command;
  }
}

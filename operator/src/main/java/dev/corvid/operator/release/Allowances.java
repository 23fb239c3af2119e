package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.ReleaseName;

/**
 * What a person allows although it looks like a mistake. Each is an annotation whose value is the
 * generation of the spec that it is for, so that the next edit ends it.
 *
 * @param removal whether most nodes, or too many, may lose the release
 * @param emptyWave whether a wave may pass that selects no node, or of which none can be reached
 */
record Allowances(ReleaseName release, long generation, boolean removal, boolean emptyWave) {
  static final String REMOVAL = ReleaseAnnotations.ALLOW_REMOVAL;
  static final String EMPTY_WAVE = ReleaseAnnotations.ALLOW_EMPTY_WAVE;

  static Allowances of(SwarmRelease release) {
    return new Allowances(
        Strays.name(release),
        release.getMetadata().getGeneration(),
        isAllowed(release, REMOVAL),
        isAllowed(release, EMPTY_WAVE));
  }

  private static boolean isAllowed(SwarmRelease release, String annotation) {
    String generation = Long.toString(release.getMetadata().getGeneration());
    return generation.equals(release.getMetadata().getAnnotations().get(annotation));
  }

  /** What a person runs to allow it. */
  String command(String annotation) {
    return Annotations.command(release, annotation, Long.toString(generation));
  }
}

package dev.corvid.operator.release.rollout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of the annotation {@code corvid.dev/approve}: {@code REVISION} or {@code
 * REVISION/WAVE}.
 *
 * @param revision 12 to 64 hex digits, the beginning of a manifest's digest
 * @param wave the name of the wave whose pause is over; null when none is named
 */
record ApproveAnnotation(String revision, @Nullable String wave) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{12,64})(?:/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?))?");

  /**
   * @param value null when there is none
   * @return empty also when it has another form: then nothing is approved
   */
  static Optional<ApproveAnnotation> of(@Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    Matcher parts = FORM.matcher(value);
    return parts.matches()
        ? Optional.of(new ApproveAnnotation(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  /** Whether it is about the content of that {@code sha256:…} digest. */
  boolean names(String digest) {
    return names(revision, digest);
  }

  static boolean names(String revision, String digest) {
    return digest.startsWith(revision, "sha256:".length());
  }
}

package dev.corvid.operator.release.record;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How messages, Events and log lines name a revision: by the version, where it has one. */
public final class RevisionDisplayName {
  private RevisionDisplayName() {}

  /** {@code version 2026.11.20 (9c41e7a0d2f1)}, or the revision alone. */
  public static String of(ReleaseRevision revision) {
    return of(revision.version(), revision.revision());
  }

  /**
   * @param version null for none
   */
  static String of(@Nullable String version, String revision) {
    return version == null ? revision : "version %s (%s)".formatted(version, revision);
  }

  /** The revision that was active everywhere when that status was written. */
  public static String ofCurrent(SwarmReleaseStatus status) {
    return of(status.currentVersion(), requireNonNull(status.currentRevision(), "one was active"));
  }

  /** The version of the revision of that name; null when it has none. */
  public static @Nullable String version(
      List<SwarmReleaseStatus.Revision> history, @Nullable String revision) {
    return history.stream()
        .filter(known -> known.revision().equals(revision))
        .map(SwarmReleaseStatus.Revision::version)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}

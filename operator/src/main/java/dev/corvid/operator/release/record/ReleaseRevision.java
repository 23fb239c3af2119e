package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.wire.grant.Content;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a release and how its roll-out went.
 *
 * @param version what people call it now; null for none
 * @param startTime null when no roll-out of it is known, as with the two that follow
 * @param completionTime null when it was not active on all nodes since
 * @param result one of those in {@link RevisionHistory}; null before its roll-out
 */
public record ReleaseRevision(
    RecordedRevision recorded,
    @Nullable String version,
    @Nullable String startTime,
    @Nullable String completionTime,
    @Nullable String result) {
  public static ReleaseRevision unknownRollout(RecordedRevision recorded) {
    return new ReleaseRevision(recorded, recorded.version(), null, null, null);
  }

  /** With what a status says of it. */
  static ReleaseRevision of(RecordedRevision recorded, SwarmReleaseStatus.Revision summary) {
    return new ReleaseRevision(
        recorded,
        summary.version(),
        summary.startTime(),
        summary.completionTime(),
        summary.result());
  }

  public String revision() {
    return recorded.revision();
  }

  public String digest() {
    return recorded.digest();
  }

  public String sourceHash() {
    return recorded.sourceHash();
  }

  public String sourceDigest() {
    return recorded.sourceDigest();
  }

  public Content content() {
    return recorded.content();
  }

  public boolean hasBegun() {
    return result != null;
  }

  /** Whether people call it so, and that is recorded. */
  boolean isNamed(@Nullable String name) {
    return Objects.equals(version, name) && Objects.equals(recorded.version(), name);
  }

  /**
   * @param number of the record of that name, if there is none yet
   */
  ReleaseRevision named(@Nullable String name, long number) {
    RecordedRevision record =
        Objects.equals(recorded.version(), name) ? recorded : recorded.named(number, name);
    return new ReleaseRevision(record, name, startTime, completionTime, result);
  }

  public ReleaseRevision begun(Instant now) {
    return new ReleaseRevision(
        recorded,
        version,
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        null,
        RevisionHistory.PROGRESSING);
  }

  public ReleaseRevision succeeded(Instant now) {
    return new ReleaseRevision(
        recorded, version, startTime, now.toString(), RevisionHistory.SUCCEEDED);
  }

  /** Another one is wanted: what had not succeeded by now does not any more, as far as is known. */
  public ReleaseRevision superseded() {
    return !hasBegun() || RevisionHistory.SUCCEEDED.equals(result)
        ? this
        : new ReleaseRevision(
            recorded, version, startTime, completionTime, RevisionHistory.SUPERSEDED);
  }

  public SwarmReleaseStatus.Revision summary() {
    return new SwarmReleaseStatus.Revision(
        revision(), version, digest(), startTime, completionTime, result);
  }
}

package dev.corvid.operator.release.record;

import dev.corvid.wire.grant.Content;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a source became, with all that a grant and a way back need: written down once, and never
 * changed. If people call the revision otherwise later, another record says so, and replaces it.
 *
 * @param number of its release, from 1: of two records for one source or one content the higher one
 *     counts
 * @param version {@code spec.version} at that time; null for none
 * @param sourceHash see {@link SourceHash}
 * @param sourceDigest SHA-256 of the fetched bytes
 */
public record RecordedRevision(
    long number,
    @Nullable String version,
    String sourceHash,
    String sourceDigest,
    Content content) {
  /** In one and the same order, whatever the order in which they were found. */
  static final Comparator<RecordedRevision> NEWEST_FIRST =
      Comparator.comparingLong(RecordedRevision::number)
          .reversed()
          .thenComparing(RecordedRevision::digest)
          .thenComparing(RecordedRevision::sourceHash);

  String digest() {
    return content.manifestDigest();
  }

  String revision() {
    return content.revision();
  }

  /** Whether that one says the same of the content, whatever people called it. */
  public boolean isSame(RecordedRevision other) {
    return sourceHash.equals(other.sourceHash)
        && sourceDigest.equals(other.sourceDigest)
        && content.equals(other.content);
  }

  /** Whether it also has the same version. */
  public boolean saysSame(RecordedRevision other) {
    return isSame(other) && Objects.equals(version, other.version);
  }

  RecordedRevision named(long newNumber, @Nullable String newVersion) {
    return new RecordedRevision(newNumber, newVersion, sourceHash, sourceDigest, content);
  }
}

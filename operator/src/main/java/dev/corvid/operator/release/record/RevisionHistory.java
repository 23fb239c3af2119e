package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.wire.seeder.Publication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The revisions of a release, the wanted one first, and each content once: a source that another
 * one is the same as takes its place. What a grant needs comes from the records; the status only
 * says in which order they were wanted, and how the roll-outs went.
 */
public record RevisionHistory(List<ReleaseRevision> revisions) {
  static final String PROGRESSING = "Progressing";
  public static final String SUCCEEDED = "Succeeded";
  static final String SUPERSEDED = "Superseded";

  /** As many as a status shows: the wanted one, and as many earlier ones as a spec may keep. */
  static final int MOST = 21;

  public RevisionHistory {
    revisions = List.copyOf(revisions);
  }

  /**
   * @param records the operator's own, in any order
   * @param status the operator's own, too; where it does not name a record, the newest record comes
   *     first. Beyond {@link #MOST} the oldest do not count: they are copies that somebody else
   *     kept
   */
  public static RevisionHistory of(
      Collection<RecordedRevision> records, SwarmReleaseStatus status) {
    List<RecordedRevision> left = distinct(records);
    List<ReleaseRevision> revisions = new ArrayList<>();
    status
        .history()
        .forEach(
            summary ->
                left.stream()
                    .filter(record -> record.digest().equals(summary.digest()))
                    .findFirst()
                    .ifPresent(
                        record -> {
                          left.remove(record);
                          revisions.add(ReleaseRevision.of(record, summary));
                        }));
    left.stream().map(ReleaseRevision::unknownRollout).forEach(revisions::add);
    return new RevisionHistory(revisions.stream().limit(MOST).toList());
  }

  /** Of those for one source, or one content, the newest. */
  private static List<RecordedRevision> distinct(Collection<RecordedRevision> records) {
    Set<String> sources = new HashSet<>();
    Set<String> digests = new HashSet<>();
    List<RecordedRevision> distinct = new ArrayList<>();
    records.stream()
        .sorted(RecordedRevision.NEWEST_FIRST)
        .filter(record -> sources.add(record.sourceHash()) && digests.add(record.digest()))
        .forEach(distinct::add);
    return distinct;
  }

  /** The revision that was wanted last. */
  public Optional<ReleaseRevision> latest() {
    return revisions.stream().findFirst();
  }

  public Optional<ReleaseRevision> from(String sourceHash) {
    return revisions.stream().filter(r -> sourceHash.equals(r.sourceHash())).findFirst();
  }

  /**
   * With what a seeder published as the wanted revision.
   *
   * @param version what people call it; null for none
   */
  public RevisionHistory published(Publication p, @Nullable String version, Instant now) {
    return wanting(
        ReleaseRevision.unknownRollout(
            new RecordedRevision(
                lastNumber() + 1, version, p.sourceHash(), p.sourceDigest(), p.content())),
        now);
  }

  private long lastNumber() {
    return revisions.stream().mapToLong(r -> r.recorded().number()).max().orElse(0);
  }

  /** With that revision as the wanted one; the same history if it is already. */
  public RevisionHistory wanting(ReleaseRevision revision, Instant now) {
    if (!revisions.isEmpty()
        && revisions.getFirst().sourceHash().equals(revision.sourceHash())
        && revisions.getFirst().hasBegun()) {
      return this;
    }
    var all = new ArrayList<ReleaseRevision>();
    all.add(revision.begun(now));
    revisions.stream()
        .filter(other -> !other.sourceHash().equals(revision.sourceHash()))
        .filter(other -> !other.digest().equals(revision.digest()))
        .map(ReleaseRevision::superseded)
        .forEach(all::add);
    return new RevisionHistory(all);
  }

  /**
   * With that version as the name of the wanted revision.
   *
   * @param version null for none
   */
  public RevisionHistory named(@Nullable String version) {
    if (revisions.isEmpty() || revisions.getFirst().isNamed(version)) {
      return this;
    }
    var all = new ArrayList<>(revisions);
    all.set(0, revisions.getFirst().named(version, lastNumber() + 1));
    return new RevisionHistory(all);
  }

  /** With the wanted revision active on all nodes. */
  public RevisionHistory completed(Instant now) {
    if (revisions.isEmpty() || SUCCEEDED.equals(revisions.getFirst().result())) {
      return this;
    }
    var all = new ArrayList<>(revisions);
    all.set(0, revisions.getFirst().succeeded(now));
    return new RevisionHistory(all);
  }

  /** Whether one of them was active on all nodes, once. */
  public boolean hasCompleted() {
    return revisions.stream().anyMatch(revision -> revision.completionTime() != null);
  }

  /**
   * At most that many earlier ones, and among them the one that is active everywhere: it is what a
   * half-done roll-out goes back to. Where the status was lost that may be any of those whose
   * roll-out is not known: they stay until one is active everywhere.
   *
   * @param status which says what that is
   */
  public RevisionHistory limited(int earlier, SwarmReleaseStatus status) {
    if (revisions.size() <= earlier + 1) {
      return this;
    }
    List<ReleaseRevision> kept = revisions.subList(0, earlier + 1);
    if (status.currentRevision() == null) {
      return new RevisionHistory(
          revisions.stream().filter(r -> kept.contains(r) || !r.hasBegun()).limit(MOST).toList());
    }
    return revisions.stream()
        .filter(revision -> StatusRevisions.isCurrent(status, revision) && !kept.contains(revision))
        .findFirst()
        .map(active -> kept(Math.max(1, earlier), active))
        .orElseGet(() -> new RevisionHistory(kept));
  }

  private RevisionHistory kept(int newest, ReleaseRevision active) {
    var all = new ArrayList<>(revisions.subList(0, newest));
    all.add(active);
    return new RevisionHistory(all);
  }

  /** Manifest digests of the earlier revisions, newest first. */
  List<String> earlierDigests() {
    return revisions.stream()
        .skip(1)
        .map(ReleaseRevision::digest)
        .filter(digest -> !digest.equals(revisions.getFirst().digest()))
        .distinct()
        .toList();
  }

  /** As a status shows it. */
  public List<SwarmReleaseStatus.Revision> summary() {
    return revisions.stream().map(ReleaseRevision::summary).toList();
  }
}

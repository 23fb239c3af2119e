package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Revision;
import dev.corvid.wire.Content;
import dev.corvid.wire.Publication;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The revisions of a release, the wanted one first, and each content once: a source that another
 * one is the same as takes its place. It is kept in the status, and is all that a restarted
 * operator needs to continue, or to go back.
 */
record History(List<Revision> revisions) {
  static final String PROGRESSING = "Progressing";
  static final String SUCCEEDED = "Succeeded";
  static final String SUPERSEDED = "Superseded";

  History {
    revisions = List.copyOf(revisions);
  }

  static History of(SwarmReleaseStatus status) {
    return new History(status == null ? List.of() : status.history());
  }

  /** The revision that was wanted last. */
  Optional<Revision> latest() {
    return revisions.stream().findFirst();
  }

  Optional<Revision> from(String sourceHash) {
    return revisions.stream().filter(r -> sourceHash.equals(r.sourceHash())).findFirst();
  }

  /** With what a seeder published as the wanted revision. */
  History published(Publication p, Instant now) {
    return wanting(
        new Revision(
            p.content().revision(),
            null,
            p.content().manifestDigest(),
            p.sourceHash(),
            p.sourceDigest(),
            p.content().infoHash(),
            p.content().pieceLength(),
            p.content().sizeBytes(),
            p.content().fileCount(),
            null,
            null,
            null),
        now);
  }

  /** With that revision as the wanted one; the same history if it is already. */
  History wanting(Revision revision, Instant now) {
    if (!revisions.isEmpty() && revisions.getFirst().sourceHash().equals(revision.sourceHash())) {
      return this;
    }
    var all = new ArrayList<Revision>();
    all.add(begun(revision, now));
    revisions.stream()
        .filter(other -> !other.sourceHash().equals(revision.sourceHash()))
        .filter(other -> !other.digest().equals(revision.digest()))
        .map(other -> PROGRESSING.equals(other.result()) ? with(other, SUPERSEDED, null) : other)
        .forEach(all::add);
    return new History(all);
  }

  /**
   * With that version as the name of the wanted revision.
   *
   * @param version null for none
   */
  History named(String version) {
    if (revisions.isEmpty() || Objects.equals(version, revisions.getFirst().version())) {
      return this;
    }
    var all = new ArrayList<>(revisions);
    Revision r = revisions.getFirst();
    all.set(0, revision(r, version, r.startTime(), r.completionTime(), r.result()));
    return new History(all);
  }

  /** With the wanted revision active on all nodes. */
  History completed(Instant now) {
    if (revisions.isEmpty() || SUCCEEDED.equals(revisions.getFirst().result())) {
      return this;
    }
    var all = new ArrayList<>(revisions);
    all.set(0, with(revisions.getFirst(), SUCCEEDED, now));
    return new History(all);
  }

  /** Whether one of them was active on all nodes, once. */
  boolean hasCompleted() {
    return revisions.stream().anyMatch(revision -> revision.completionTime() != null);
  }

  /**
   * At most that many earlier ones, and among them the one that is active everywhere: it is what a
   * half-done roll-out goes back to.
   *
   * @param current its name; null when none is
   */
  History limited(int earlier, String current) {
    if (revisions.size() <= earlier + 1) {
      return this;
    }
    List<Revision> kept = revisions.subList(0, earlier + 1);
    return revisions.stream()
        .filter(revision -> revision.revision().equals(current) && !kept.contains(revision))
        .findFirst()
        .map(active -> kept(Math.max(1, earlier), active))
        .orElseGet(() -> new History(kept));
  }

  private History kept(int newest, Revision active) {
    var all = new ArrayList<>(revisions.subList(0, newest));
    all.add(active);
    return new History(all);
  }

  /** Manifest digests of the earlier revisions, newest first. */
  List<String> earlierDigests() {
    return revisions.stream()
        .skip(1)
        .map(Revision::digest)
        .filter(digest -> !digest.equals(revisions.getFirst().digest()))
        .distinct()
        .toList();
  }

  static Content content(Revision revision) {
    return new Content(
        revision.digest(),
        revision.infoHash(),
        revision.pieceLength(),
        revision.sizeBytes(),
        revision.fileCount());
  }

  private static Revision begun(Revision r, Instant now) {
    return revision(
        r, r.version(), now.truncatedTo(ChronoUnit.SECONDS).toString(), null, PROGRESSING);
  }

  private static Revision with(Revision r, String result, Instant completion) {
    return revision(
        r,
        r.version(),
        r.startTime(),
        completion == null ? r.completionTime() : completion.toString(),
        result);
  }

  private static Revision revision(
      Revision r, String version, String start, String completion, String result) {
    return new Revision(
        r.revision(),
        version,
        r.digest(),
        r.sourceHash(),
        r.sourceDigest(),
        r.infoHash(),
        r.pieceLength(),
        r.sizeBytes(),
        r.fileCount(),
        start,
        completion,
        result);
  }
}

package dev.corvid.store.state;

import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.grant.Content;

/**
 * What a node remembers of one revision on the disk, as part of a {@link ReleaseState}.
 *
 * @param stamp modification time of its files, epoch seconds; 0 while it is staged
 * @param leftAt when {@code current} last left it, epoch milliseconds; 0 if it never did
 * @param inherited whether an earlier release of the same name left it. The new release may be the
 *     earlier one, recreated without its history, so nothing inherited is cleaned up before it
 *     switches
 * @param checkedAt when all of its bytes were last found right, epoch milliseconds; 0 if it must be
 *     looked at again
 * @param reused bytes of it that this node had already when it came
 * @param disk what it takes of the disk, as quotas count it
 */
public record StoredRevision(
    Content content,
    Phase phase,
    long stamp,
    long leftAt,
    boolean inherited,
    long checkedAt,
    long reused,
    Footprint disk) {
  /** How far a revision has come. */
  public enum Phase {
    /** Below {@code .corvid}, perhaps partly; or renamed already, if the machine stopped then. */
    STAGED,
    /** Whole and verified below {@code revisions}. */
    HELD,
    /** Below {@code revisions}, but changed on the disk: to be fetched again, and replaced. */
    DAMAGED
  }

  public StoredRevision {
    disk = disk == null ? new Footprint(content.sizeBytes(), content.fileCount()) : disk;
  }

  public static StoredRevision staged(Content content, Phase phase, Footprint disk) {
    return new StoredRevision(content, phase, 0, 0, false, 0, 0, disk);
  }

  public static StoredRevision held(
      Content content, long stamp, long now, long reused, Footprint disk) {
    return new StoredRevision(content, Phase.HELD, stamp, 0, false, now, reused, disk);
  }

  public StoredRevision in(Phase other) {
    return new StoredRevision(content, other, stamp, leftAt, inherited, 0, reused, disk);
  }

  public StoredRevision held(long finishedStamp) {
    return new StoredRevision(content, Phase.HELD, finishedStamp, 0, inherited, 0, reused, disk);
  }

  public StoredRevision taking(Footprint counted) {
    return new StoredRevision(content, phase, stamp, leftAt, inherited, checkedAt, reused, counted);
  }

  /** Also what was damaged is held again then. */
  public StoredRevision checkedAt(long now) {
    return new StoredRevision(
        content, now > 0 ? Phase.HELD : phase, stamp, leftAt, inherited, now, reused, disk);
  }

  public StoredRevision leftAt(long now) {
    return new StoredRevision(content, phase, stamp, now, inherited, checkedAt, reused, disk);
  }

  StoredRevision notAfter(long now) {
    return new StoredRevision(
        content,
        phase,
        stamp,
        Math.min(leftAt, now),
        inherited,
        Math.min(checkedAt, now),
        reused,
        disk);
  }

  public StoredRevision inherited(boolean isInherited) {
    return new StoredRevision(content, phase, stamp, leftAt, isInherited, checkedAt, reused, disk);
  }

  public String revision() {
    return content.revision();
  }
}

package dev.corvid.store;

import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a node remembers of one release, in a file of its own: enough to continue after a restart
 * without a tracker.
 *
 * @param version of this form
 * @param releaseUid uid of the SwarmRelease; null before the first grant
 * @param release its directory below the root
 * @param namespaceUid uid of the namespace that the release is in; null before the first grant that
 *     has it
 * @param reign of the highest grant obeyed
 * @param epoch of the highest grant obeyed
 * @param grant the one of that rank, as it was signed; null before the first
 * @param deletionPolicy what a removal means
 * @param removed whether a removal was obeyed: the rest is kept to refuse older grants, and to find
 *     again what was retained
 * @param revisions in the order of their arrival
 */
public record ReleaseState(
    int version,
    String releaseUid,
    ReleaseName release,
    String namespaceUid,
    long reign,
    long epoch,
    SignedGrant grant,
    DeletionPolicy deletionPolicy,
    boolean removed,
    List<Stored> revisions) {
  static final int VERSION = 1;

  /**
   * One revision on the disk.
   *
   * @param stamp modification time of its files, epoch seconds; 0 while it is staged
   * @param leftAt when {@code current} last left it, epoch milliseconds; 0 if it never did
   * @param inherited whether an earlier release of the same name left it. The new one may be the
   *     old one, made again without its history: until it switches, nothing of that is cleaned up
   * @param checkedAt when all of its bytes were last found right, epoch milliseconds; 0 if it must
   *     be looked at again
   * @param reused bytes of it that this node had already when it came
   * @param disk what it takes of the disk, as quotas count it
   */
  public record Stored(
      Content content,
      Phase phase,
      long stamp,
      long leftAt,
      boolean inherited,
      long checkedAt,
      long reused,
      Footprint disk) {
    public Stored {
      disk = disk == null ? new Footprint(content.sizeBytes(), content.fileCount()) : disk;
    }

    static Stored staged(Content content, Phase phase, Footprint disk) {
      return new Stored(content, phase, 0, 0, false, 0, 0, disk);
    }

    static Stored held(Content content, long stamp, long now, long reused, Footprint disk) {
      return new Stored(content, Phase.HELD, stamp, 0, false, now, reused, disk);
    }

    Stored in(Phase other) {
      return new Stored(content, other, stamp, leftAt, inherited, 0, reused, disk);
    }

    Stored held(long finishedStamp) {
      return new Stored(content, Phase.HELD, finishedStamp, 0, inherited, 0, reused, disk);
    }

    Stored taking(Footprint counted) {
      return new Stored(content, phase, stamp, leftAt, inherited, checkedAt, reused, counted);
    }

    /** Also what was damaged is held again then. */
    Stored checkedAt(long now) {
      return new Stored(
          content, now > 0 ? Phase.HELD : phase, stamp, leftAt, inherited, now, reused, disk);
    }

    Stored leftAt(long now) {
      return new Stored(content, phase, stamp, now, inherited, checkedAt, reused, disk);
    }

    Stored notAfter(long now) {
      return new Stored(
          content,
          phase,
          stamp,
          Math.min(leftAt, now),
          inherited,
          Math.min(checkedAt, now),
          reused,
          disk);
    }

    Stored inherited(boolean isInherited) {
      return new Stored(content, phase, stamp, leftAt, isInherited, checkedAt, reused, disk);
    }

    String revision() {
      return content.revision();
    }
  }

  /** How far a revision has come. */
  public enum Phase {
    /** Below {@code .corvid}, perhaps partly; or renamed already, if the machine stopped then. */
    STAGED,
    /** Whole and verified below {@code revisions}. */
    HELD,
    /** Below {@code revisions}, but changed on the disk: to be fetched again, and replaced. */
    DAMAGED
  }

  public ReleaseState {
    if (release == null) {
      throw new IllegalArgumentException("release is missing");
    }
    reign = Math.clamp(reign, 0, Rank.LIMIT);
    epoch = Math.clamp(epoch, 0, Rank.LIMIT);
    deletionPolicy = deletionPolicy == null ? DeletionPolicy.DELETE : deletionPolicy;
    revisions = revisions == null ? List.of() : List.copyOf(revisions);
  }

  /** Of the highest grant obeyed. */
  public Rank rank() {
    return new Rank(reign, epoch);
  }

  static ReleaseState unknown(ReleaseName release) {
    return new ReleaseState(
        VERSION, null, release, null, 0, 0, null, DeletionPolicy.DELETE, false, List.of());
  }

  ReleaseState obeying(SignedGrant signed, Grant wanted) {
    return new ReleaseState(
        VERSION,
        wanted.releaseUid(),
        release,
        wanted.namespaceUid() == null ? namespaceUid : wanted.namespaceUid(),
        wanted.reign(),
        wanted.epoch(),
        signed,
        isKnown(wanted) ? wanted.deletionPolicy() : deletionPolicy,
        wanted.action() == Grant.Action.REMOVE && removed,
        isTakenOver(wanted)
            ? revisions.stream().map(each -> each.inherited(each.phase() == Phase.HELD)).toList()
            : revisions);
  }

  /** Who forgot the release forgot its policy, too. */
  private static boolean isKnown(Grant wanted) {
    return wanted.generation() > 0;
  }

  /** Uid of the namespace whose content is here; null when none is, or when no grant named one. */
  public String contentNamespaceUid() {
    return revisions.isEmpty() ? null : namespaceUid;
  }

  /** Whether the two are known to be of different namespaces, of the same name or not. */
  boolean isOfAnotherNamespace(ReleaseState other) {
    return !release.namespace().equals(other.release.namespace())
        || namespaceUid != null
            && other.namespaceUid != null
            && !namespaceUid.equals(other.namespaceUid);
  }

  /** Whether the namespace was deleted since, and one of the same name belongs to another owner. */
  boolean isOfAnotherNamespace(Grant wanted) {
    return namespaceUid != null
        && wanted.namespaceUid() != null
        && !namespaceUid.equals(wanted.namespaceUid());
  }

  private boolean isTakenOver(Grant wanted) {
    return !removed && releaseUid != null && !releaseUid.equals(wanted.releaseUid());
  }

  /** About to leave this revision, null for none: what was inherited is from now on its own. */
  ReleaseState switching(Stored active, long now) {
    return withRevisions(
        revisions.stream()
            .map(each -> each.equals(active) ? each.leftAt(now) : each)
            .map(each -> each.inherited(false))
            .toList());
  }

  /** As by a clock that was set back: what is yet to come is now. */
  ReleaseState notAfter(long now) {
    return withRevisions(revisions.stream().map(each -> each.notAfter(now)).toList());
  }

  /** Nothing of it was read since the machine may have lost bytes. */
  ReleaseState unchecked() {
    return withRevisions(revisions.stream().map(each -> each.checkedAt(0)).toList());
  }

  ReleaseState afterRemoval(List<Stored> retained) {
    return new ReleaseState(
        VERSION,
        releaseUid,
        release,
        namespaceUid,
        reign,
        epoch,
        grant,
        deletionPolicy,
        true,
        retained);
  }

  ReleaseState withRevisions(List<Stored> changed) {
    return new ReleaseState(
        VERSION,
        releaseUid,
        release,
        namespaceUid,
        reign,
        epoch,
        grant,
        deletionPolicy,
        removed,
        changed);
  }

  /** With this one in the place of the one of the same digest, or added. */
  ReleaseState with(Stored stored) {
    var changed = new ArrayList<>(revisions);
    var known = find(digest(stored));
    if (known.isPresent()) {
      changed.set(changed.indexOf(known.get()), stored);
    } else {
      changed.add(stored);
    }
    return withRevisions(changed);
  }

  ReleaseState without(Stored stored) {
    return withRevisions(revisions.stream().filter(each -> !each.equals(stored)).toList());
  }

  Optional<Stored> find(String manifestDigest) {
    return revisions.stream().filter(each -> digest(each).equals(manifestDigest)).findFirst();
  }

  /** The one that is of this very content: info-hash, size and piece length, too. */
  Optional<Stored> find(Content content) {
    return find(content.manifestDigest()).filter(each -> each.content().equals(content));
  }

  Optional<Stored> held(String manifestDigest) {
    return find(manifestDigest).filter(each -> each.phase() == Phase.HELD);
  }

  public List<Stored> held() {
    return revisions.stream().filter(each -> each.phase() == Phase.HELD).toList();
  }

  /** Short names of what may stand below {@code revisions}. */
  Set<String> placedNames() {
    return revisions.stream()
        .filter(each -> each.phase() != Phase.STAGED)
        .map(Stored::revision)
        .collect(Collectors.toSet());
  }

  /** What all of them take of the disk, staged ones whole. */
  Footprint disk() {
    return diskBeside("");
  }

  /** What all of them take but the one of that digest. */
  Footprint diskBeside(String manifestDigest) {
    return revisions.stream()
        .filter(each -> !digest(each).equals(manifestDigest))
        .map(Stored::disk)
        .reduce(Footprint.NOTHING, Footprint::plus);
  }

  private static String digest(Stored stored) {
    return stored.content().manifestDigest();
  }
}

package dev.corvid.store.state;

import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.Require;
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
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of one release, in a file of its own: enough to continue after a restart
 * without a tracker.
 *
 * @param version of this form
 * @param releaseUid uid of the SwarmRelease; null before the first grant, or if the record is
 *     damaged
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
    @Nullable String releaseUid,
    ReleaseName release,
    @Nullable String namespaceUid,
    long reign,
    long epoch,
    @Nullable SignedGrant grant,
    DeletionPolicy deletionPolicy,
    boolean removed,
    List<StoredRevision> revisions) {
  static final int VERSION = 1;

  public ReleaseState {
    if (release == null) {
      throw new IllegalArgumentException("release is missing");
    }
    releaseUid = reportable(releaseUid);
    reign = Math.clamp(reign, 0, Rank.LIMIT);
    epoch = Math.clamp(epoch, 0, Rank.LIMIT);
    deletionPolicy = deletionPolicy == null ? DeletionPolicy.DELETE : deletionPolicy;
    revisions = revisions == null ? List.of() : List.copyOf(revisions);
  }

  private static @Nullable String reportable(@Nullable String uid) {
    try {
      return uid == null ? null : Require.text(uid, "releaseUid", 64);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Of the highest grant obeyed. */
  public Rank rank() {
    return new Rank(reign, epoch);
  }

  public static ReleaseState unknown(ReleaseName release) {
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
            ? revisions.stream()
                .map(each -> each.inherited(each.phase() == StoredRevision.Phase.HELD))
                .toList()
            : revisions);
  }

  /** Who forgot the release forgot its policy, too. */
  private static boolean isKnown(Grant wanted) {
    return wanted.generation() > 0;
  }

  /** Uid of the namespace whose content is here; null when none is, or when no grant named one. */
  public @Nullable String contentNamespaceUid() {
    return revisions.isEmpty() ? null : namespaceUid;
  }

  /** Whether the two are known to be of different namespaces, of the same name or not. */
  public boolean isOfAnotherNamespace(ReleaseState other) {
    return !release.namespace().equals(other.release.namespace())
        || namespaceUid != null
            && other.namespaceUid != null
            && !namespaceUid.equals(other.namespaceUid);
  }

  /** Whether the namespace was deleted since, and one of the same name belongs to another owner. */
  public boolean isOfAnotherNamespace(Grant wanted) {
    return namespaceUid != null
        && wanted.namespaceUid() != null
        && !namespaceUid.equals(wanted.namespaceUid());
  }

  private boolean isTakenOver(Grant wanted) {
    return !removed && releaseUid != null && !releaseUid.equals(wanted.releaseUid());
  }

  /** About to leave this revision, null for none: what was inherited is from now on its own. */
  ReleaseState switching(@Nullable StoredRevision active, long now) {
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

  ReleaseState afterRemoval(List<StoredRevision> retained) {
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

  ReleaseState withRevisions(List<StoredRevision> changed) {
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
  ReleaseState with(StoredRevision stored) {
    var changed = new ArrayList<>(revisions);
    var known = find(digest(stored));
    if (known.isPresent()) {
      changed.set(changed.indexOf(known.get()), stored);
    } else {
      changed.add(stored);
    }
    return withRevisions(changed);
  }

  ReleaseState without(StoredRevision stored) {
    return withRevisions(revisions.stream().filter(each -> !each.equals(stored)).toList());
  }

  public Optional<StoredRevision> find(String manifestDigest) {
    return revisions.stream().filter(each -> digest(each).equals(manifestDigest)).findFirst();
  }

  /** The one that is of this very content: info-hash, size and piece length, too. */
  public Optional<StoredRevision> find(Content content) {
    return find(content.manifestDigest()).filter(each -> each.content().equals(content));
  }

  public Optional<StoredRevision> held(String manifestDigest) {
    return find(manifestDigest).filter(each -> each.phase() == StoredRevision.Phase.HELD);
  }

  public List<StoredRevision> held() {
    return revisions.stream().filter(each -> each.phase() == StoredRevision.Phase.HELD).toList();
  }

  /** Short names of what may stand below {@code revisions}. */
  public Set<String> placedNames() {
    return revisions.stream()
        .filter(each -> each.phase() != StoredRevision.Phase.STAGED)
        .map(StoredRevision::revision)
        .collect(Collectors.toSet());
  }

  /** What all of them take of the disk, staged ones whole. */
  public Footprint disk() {
    return diskBeside("");
  }

  /** What all of them take but the one of that digest. */
  public Footprint diskBeside(String manifestDigest) {
    return revisions.stream()
        .filter(each -> !digest(each).equals(manifestDigest))
        .map(StoredRevision::disk)
        .reduce(Footprint.NOTHING, Footprint::plus);
  }

  private static String digest(StoredRevision stored) {
    return stored.content().manifestDigest();
  }
}

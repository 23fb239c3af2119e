package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.quota.Footprint;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory and the persisted state of one release on this node. Thread-safe; calls block on
 * the disk.
 *
 * <p>The record is written before something is begun that it must name, and after something ended
 * that it must no longer name:
 *
 * <pre>
 * download   record STAGED, then the first byte
 * finish     tree renamed into revisions, then record HELD
 * activate   record when the old one was left, then current renamed
 * retain     revision renamed into the trash, then record without it
 * remove     current deleted, revisions renamed into the trash, then record removed
 * </pre>
 */
public final class Release {
  private final Root root;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final RevisionAdmission admission;
  private final StartupScan startupScan;
  private final RevisionGc gc;
  private final IntegrityChecker integrity;
  private final Map<String, RevisionDownload> downloads = new HashMap<>();

  Release(Root root, ReleaseState state) {
    this.root = root;
    this.stateStore = new ReleaseStateStore(root.states(), state);
    this.directory = root.directory(state.release());
    this.staging = new Staging(root, state.release());
    this.admission = new RevisionAdmission(root, stateStore, staging, state.release());
    this.startupScan = new StartupScan(root, stateStore, directory, staging);
    this.gc = new RevisionGc(root, stateStore, directory, staging);
    this.integrity = new IntegrityChecker(this, root, stateStore, directory, staging, startupScan);
  }

  /** Its namespace and name. */
  ReleaseName name() {
    return directory.release();
  }

  /** What is remembered, at this moment. */
  public ReleaseState state() {
    return stateStore.state();
  }

  /**
   * Remembers a grant, durably, before anything is done about it. The same rank again is no error.
   * A grant for another release of the same name takes over what the earlier one left, if the
   * namespace is the same one; what a release of an earlier namespace of that name left is removed,
   * before anything else happens: also when the grant is a removal, and asks for nothing but that.
   * Downloads and storages of it must be closed.
   *
   * @throws StoreException {@code InvalidSpec} if it ranks below the highest one obeyed, or if it
   *     removes another release of the same namespace than the one that is here
   */
  public synchronized void obey(SignedGrant signed, Grant grant) throws StoreException {
    stateStore.refuseOlder(grant);
    if (state().isOfAnotherNamespace(grant)) {
      try {
        gc.evict();
      } catch (IOException e) {
        throw DiskError.of("cannot remove what an earlier namespace left of " + this, e);
      }
    }
    stateStore.obey(signed, grant);
  }

  /** Checks and repairs the held revisions. */
  public IntegrityChecker integrity() {
    return integrity;
  }

  /** The revisions that are whole and verified. */
  public List<Revision> held() {
    return state().held().stream().map(this::revision).toList();
  }

  /**
   * The revision of that manifest digest, if it is whole and verified. The first time in a process
   * it looks whether the files have still their sizes and modification times; if not, the revision
   * is no longer held, and a download replaces it.
   */
  public synchronized Optional<Revision> held(String manifestDigest) throws StoreException {
    try {
      var stored = state().held(manifestDigest);
      if (stored.isPresent()) {
        startupScan.inspect(stored.get());
      }
      return state().held(manifestDigest).map(this::revision);
    } catch (IOException e) {
      throw DiskError.of("cannot look at the files of " + this, e);
    }
  }

  /**
   * The revision that {@code current} points to. It is that also while some of its files are
   * damaged, and it is {@linkplain #held() not held}: pods read it, and it is repaired in place.
   */
  public synchronized Optional<Revision> active() throws StoreException {
    try {
      return activeStored().map(this::revision);
    } catch (IOException e) {
      throw DiskError.of("cannot read current of " + this, e);
    }
  }

  /** The metainfo of an unfinished download of this content, so that it need not be fetched. */
  public synchronized Optional<Metainfo> staged(Content content) throws StoreException {
    try {
      return state().find(content).isPresent() ? staging.metainfo(content) : Optional.empty();
    } catch (IOException e) {
      throw DiskError.of("cannot read the metainfo of " + this, e);
    }
  }

  /**
   * Keeps metainfo that has been fetched out of the heap until a download begins with it: several
   * at once, of many files each, would fill it. Thread-safe.
   *
   * @return a mapped file
   */
  public ByteBuffer keepMetainfo(List<ByteBuffer> parts) throws StoreException {
    try {
      return root.states().keep(parts);
    } catch (IOException e) {
      throw DiskError.of("cannot keep the metainfo of " + this, e);
    }
  }

  /**
   * Begins or resumes a download. There is one at a time for each content; close it before the
   * next.
   *
   * @throws StoreException {@code InsufficientDisk} with figures, {@code ForeignContent}, {@code
   *     InvalidContent} if the metainfo is not that of the content, {@code RootNotWritable}
   */
  public synchronized RevisionDownload download(Content content, Metainfo metainfo)
      throws StoreException {
    if (state().held(content.manifestDigest()).isPresent()
        || downloads.containsKey(content.revision())) {
      throw new IllegalStateException(content.revision() + " is held, or being downloaded");
    }
    admission.refuseOther(content, metainfo);
    try {
      directory.refuseForeign(state().placedNames());
      var disk = admission.admit(content, metainfo);
      var download = staging.open(this, content, metainfo, disk);
      downloads.put(content.revision(), download);
      return download;
    } catch (IOException e) {
      throw DiskError.of("cannot begin revision " + content.revision() + " of " + this, e);
    }
  }

  /**
   * Lets {@code current} point to the revision: at every instant it points to the old one or to
   * this.
   */
  public synchronized void activate(Revision revision) throws StoreException {
    var wanted =
        state()
            .held(revision.content().manifestDigest())
            .orElseThrow(() -> new IllegalStateException(revision + " is not held any more"));
    try {
      directory.refuseForeign(state().placedNames());
      var active = activeStored();
      if (active.filter(wanted::equals).isPresent()) {
        return;
      }
      stateStore.switching(active.orElse(null), root.options().clock().millis());
      directory.activate(wanted.revision());
    } catch (IOException e) {
      throw DiskError.of("cannot activate " + revision, e);
    }
  }

  /**
   * Removes the revisions that are neither named here nor active nor inherited from a release of
   * the same name, staged ones too, once the root's {@code keepAfterSwitch} is over. Downloads and
   * storages of those must be closed.
   *
   * @return when to call again, if one had to stay for its time
   */
  public synchronized Optional<Instant> retain(Collection<String> manifestDigests)
      throws StoreException {
    try {
      return gc.retain(manifestDigests);
    } catch (IOException e) {
      throw DiskError.of("cannot remove old revisions of " + this, e);
    }
  }

  /**
   * Obeys a removal: deletes or keeps the release's files, by its deletion policy. The memory of
   * the epoch stays. Downloads and storages must be closed.
   */
  public synchronized void remove() throws StoreException {
    try {
      gc.remove();
    } catch (IOException e) {
      throw DiskError.of("cannot remove " + this, e);
    }
  }

  @Override
  public String toString() {
    return state().release().toString();
  }

  synchronized void recover() throws IOException {
    startupScan.recover();
  }

  /** The tree is whole and synced: renames it into place and remembers that. */
  synchronized Revision place(Content content, long stamp, long reused) throws IOException {
    directory.refuseForeign(state().placedNames());
    staging.place(content, directory, state().placedNames().contains(content.revision()));
    var disk = state().find(content.manifestDigest()).orElseThrow().disk();
    var held = StoredRevision.held(content, stamp, root.options().clock().millis(), reused, disk);
    stateStore.put(held);
    startupScan.trust(held);
    staging.drop(content);
    root.trash().empty();
    return revision(held);
  }

  /**
   * The manifest has the empty directories, which the torrent does not.
   *
   * @throws StoreException {@code InsufficientDisk} if there is no room for them
   */
  synchronized void counted(Content content, Footprint disk) throws IOException {
    admission.counted(content, disk);
  }

  /** The download is closed; it may have been broken off between renaming and remembering. */
  synchronized void closed(RevisionDownload download) throws IOException {
    if (downloads.values().remove(download)) {
      recover();
    }
  }

  /** What stands below {@code revisions}, damaged or not, the active one first. */
  synchronized List<Revision> placed() throws IOException {
    var active = activeStored();
    return state().revisions().stream()
        .filter(each -> each.phase() != Phase.STAGED)
        .sorted(Comparator.comparing(each -> active.filter(each::equals).isEmpty()))
        .map(this::revision)
        .toList();
  }

  private Optional<StoredRevision> activeStored() throws IOException {
    var name = directory.current();
    return state().revisions().stream()
        .filter(each -> each.phase() != Phase.STAGED)
        .filter(each -> name.filter(each.revision()::equals).isPresent())
        .findFirst();
  }

  Revision revision(StoredRevision stored) {
    return new Revision(root, directory, staging, stored);
  }
}

package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.quota.Footprint;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
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
  private final RootContext root;
  private final OtherReleases others;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final Trash trash;
  private final Staging staging;
  private final RevisionAdmission admission;
  private final PlacedRevisions revisions;
  private final StartupScan startupScan;
  private final RevisionGc gc;
  private final IntegrityChecker integrity;
  private final Map<String, RevisionDownload> downloads = new HashMap<>();

  Release(RootContext root, OtherReleases others, ReleaseState state) {
    this.root = root;
    this.others = others;
    var name = state.release();
    var clock = root.options().clock();
    var states = root.states();
    var quota = root.quota();
    var openFiles = root.openFiles();
    var stagingDirectory = root.directories().staging();
    this.trash = root.directories().trash();
    this.stateStore = new ReleaseStateStore(states, state);
    this.directory = new ReleaseDirectory(root.directories().top(), stagingDirectory, name);
    this.staging =
        new Staging(name, stagingDirectory, states, trash, openFiles, root.options().bootId());
    this.admission = new RevisionAdmission(quota, others, stateStore, staging, name);
    this.revisions = new PlacedRevisions(states, stateStore, directory, openFiles);
    this.startupScan = new StartupScan(states, stateStore, directory, staging);
    this.gc =
        new RevisionGc(
            root.config().keptAfterSwitch(), clock, states, trash, stateStore, directory, staging);
    this.integrity =
        new IntegrityChecker(
            this::locked,
            stateStore,
            startupScan,
            revisions,
            new RepairFactory(directory, staging, trash, quota, openFiles, root.executors()),
            root.config().recheckedEvery(),
            clock);
  }

  private synchronized <T> T locked(StoreExecutors.Task<T> task) throws IOException {
    return task.run();
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
   * Remembers a grant, durably, before anything is done about it, except that what a release of an
   * earlier namespace of that name left is removed first, even if the grant is a removal. A grant
   * for another release of the same name in the same namespace takes over what the earlier one
   * left. The same rank again is no error. Downloads and storages of what is removed must be
   * closed.
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
    return state().held().stream().map(revisions::of).toList();
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
      return state().held(manifestDigest).map(revisions::of);
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
      return revisions.active().map(revisions::of);
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
      var download =
          RevisionDownload.open(
              new DownloadOwner(),
              content,
              disk,
              staging.open(content, metainfo),
              root.quota(),
              root.executors(),
              root.options());
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
      var active = revisions.active();
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

  /** What stands below {@code revisions}, damaged or not, the active one first. */
  synchronized List<Revision> placed() throws IOException {
    return revisions.all();
  }

  /** Whatever a download changes about its release is changed under the release's lock. */
  private final class DownloadOwner implements RevisionDownload.Owner {
    @Override
    public Revision place(Content content, long stamp, long reused) throws IOException {
      synchronized (Release.this) {
        directory.refuseForeign(state().placedNames());
        staging.place(content, directory, state().placedNames().contains(content.revision()));
        var disk = state().find(content.manifestDigest()).orElseThrow().disk();
        var held =
            StoredRevision.held(content, stamp, root.options().clock().millis(), reused, disk);
        stateStore.put(held);
        startupScan.trust(held);
        staging.drop(content);
        trash.empty();
        return revisions.of(held);
      }
    }

    @Override
    public void counted(Content content, Footprint disk) throws IOException {
      synchronized (Release.this) {
        admission.counted(content, disk);
      }
    }

    @Override
    public void closed(RevisionDownload download) throws IOException {
      synchronized (Release.this) {
        if (downloads.values().remove(download)) {
          recover();
        }
      }
    }

    @Override
    public List<Revision> placed() throws IOException {
      return Release.this.placed();
    }

    @Override
    public List<Revision> reusable() throws IOException {
      return others.reusableFor(state());
    }

    @Override
    public boolean hasReusable() {
      return others.hasReusableFor(state());
    }

    @Override
    public String toString() {
      return Release.this.toString();
    }
  }
}

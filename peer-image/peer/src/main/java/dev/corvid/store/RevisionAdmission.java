package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.quota.Footprint;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;

/**
 * Admits a revision of a release: it must be what was granted, and fit the disk and the quotas.
 * From then on it counts; a refused one leaves no record. Used under the release's lock.
 */
final class RevisionAdmission {
  private final DiskQuota quota;
  private final OtherReleases others;
  private final ReleaseStateStore stateStore;
  private final Staging staging;
  private final ReleaseName release;

  RevisionAdmission(
      DiskQuota quota,
      OtherReleases others,
      ReleaseStateStore stateStore,
      Staging staging,
      ReleaseName release) {
    this.quota = quota;
    this.others = others;
    this.stateStore = stateStore;
    this.staging = staging;
    this.release = release;
  }

  /**
   * @throws StoreException {@code InvalidContent} if the metainfo is not that of the content
   */
  void refuseOther(Content content, Metainfo metainfo) throws StoreException {
    if (!metainfo.infoHash().hex().equals(content.infoHash())
        || metainfo.pieceLength() != content.pieceLength()) {
      throw new StoreException(
          Reason.InvalidContent, "the metainfo is not that of " + content.infoHash());
    }
    RevisionLayout.requireContent(metainfo, content);
    for (var other : stateStore.state().revisions()) {
      if (other.revision().equals(content.revision())
          && !other.content().manifestDigest().equals(content.manifestDigest())) {
        throw new StoreException(
            Reason.InvalidContent,
            "two revisions are called " + content.revision() + "; change the content a little");
      }
    }
  }

  /**
   * Remembers the revision, and keeps its info dictionary.
   *
   * @return what it takes of the disk, as far as that is known
   * @throws StoreException {@code InsufficientDisk}
   */
  Footprint admit(Content content, Metainfo metainfo) throws IOException {
    var known = stateStore.state().find(content);
    if (known.isPresent()) {
      var disk = known.get().disk();
      admit(content, disk, false, () -> begin(content, metainfo, disk));
      return disk;
    }
    var disk = Footprint.of(metainfo);
    var other = stateStore.state().find(content.manifestDigest());
    var phase = other.map(StoredRevision::phase).orElse(Phase.STAGED);
    admit(
        content,
        disk,
        true,
        () -> {
          begin(content, metainfo, disk);
          stateStore.put(StoredRevision.staged(content, phase, disk));
        });
    return disk;
  }

  /** See {@link RevisionDownload.Owner#counted}. */
  void counted(Content content, Footprint disk) throws IOException {
    var stored = stateStore.state().find(content);
    if (stored.isPresent() && !stored.get().disk().equals(disk)) {
      admit(content, disk, false, () -> stateStore.put(stored.get().taking(disk)));
    }
  }

  private void admit(Content content, Footprint disk, boolean isNew, DiskQuota.Recording recording)
      throws IOException {
    quota.admit(
        new DiskQuota.Request(what(content), release.namespace(), disk, isNew),
        () -> others.used(stateStore.state(), content.manifestDigest()),
        recording);
  }

  private void begin(Content content, Metainfo metainfo, Footprint disk) throws StoreException {
    try {
      staging.begin(content, metainfo);
    } catch (IOException e) {
      var what = what(content);
      throw quota.explain(DiskError.of("cannot begin " + what, e), what, disk.bytes());
    }
  }

  private String what(Content content) {
    return "revision " + content.revision() + " of " + release;
  }
}

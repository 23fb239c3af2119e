package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.ReleaseState.Phase;
import dev.corvid.store.ReleaseState.Stored;
import dev.corvid.wire.Content;
import dev.corvid.wire.Reason;
import dev.corvid.wire.ReleaseName;
import java.io.IOException;

/**
 * Whether a revision of a release may begin: it must be what it was granted as, and there must be
 * room for it. From then on it counts; what is refused is not remembered. Used under the release's
 * lock.
 */
final class Admission {
  private final Root root;
  private final ReleaseMemory memory;
  private final Staging staging;
  private final ReleaseName release;

  Admission(Root root, ReleaseMemory memory, Staging staging, ReleaseName release) {
    this.root = root;
    this.memory = memory;
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
    for (var other : memory.state().revisions()) {
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
    var known = memory.state().find(content);
    if (known.isPresent()) {
      var disk = known.get().disk();
      admit(content, disk, false, () -> begin(content, metainfo, disk));
      return disk;
    }
    var disk = Footprint.of(metainfo);
    var other = memory.state().find(content.manifestDigest());
    var phase = other.map(Stored::phase).orElse(Phase.STAGED);
    admit(
        content,
        disk,
        true,
        () -> {
          begin(content, metainfo, disk);
          memory.put(Stored.staged(content, phase, disk));
        });
    return disk;
  }

  /** See {@link Release#counted}. */
  void counted(Content content, Footprint disk) throws IOException {
    var stored = memory.state().find(content);
    if (stored.isPresent() && !stored.get().disk().equals(disk)) {
      admit(content, disk, false, () -> memory.put(stored.get().taking(disk)));
    }
  }

  private void admit(Content content, Footprint disk, boolean isNew, Room.Recording recording)
      throws IOException {
    root.room()
        .admit(
            new Room.Wanted(what(content), release.namespace(), disk, isNew),
            () -> root.used(memory.state(), content.manifestDigest()),
            recording);
  }

  private void begin(Content content, Metainfo metainfo, Footprint disk) throws StoreException {
    try {
      staging.begin(content, metainfo);
    } catch (IOException e) {
      var what = what(content);
      throw root.room().explain(DiskFailure.of("cannot begin " + what, e), what, disk.bytes());
    }
  }

  private String what(Content content) {
    return "revision " + content.revision() + " of " + release;
  }
}

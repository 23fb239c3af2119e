package dev.corvid.node.torrent;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.JoinedTorrent;
import dev.corvid.store.Repair;
import dev.corvid.store.RevisionDownload;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One content that this node takes part in: its torrent and the storage under it. */
public final class ActiveTorrent {
  public static final TorrentStats NOTHING_MOVED =
      new TorrentStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final Logger log = Logger.getLogger(ActiveTorrent.class.getName());

  private final Metainfo metainfo;
  private final Storage storage;
  private final Closeable files;
  private @Nullable JoinedTorrent torrent;
  private TorrentStats earlier = NOTHING_MOVED;

  public <S extends Storage & Closeable> ActiveTorrent(Metainfo metainfo, S storage) {
    this.metainfo = metainfo;
    this.storage = storage;
    this.files = storage;
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  public Storage storage() {
    return storage;
  }

  /** The download; null when this torrent serves a finished revision. */
  public @Nullable RevisionDownload download() {
    return storage instanceof RevisionDownload download ? download : null;
  }

  /** The repair; null when this torrent is none. */
  public @Nullable Repair repair() {
    return storage instanceof Repair repair ? repair : null;
  }

  /**
   * Takes part in the swarm. The first pieces may be verified before this returns: a caller that
   * pauses because of one waits for the current torrent to leave.
   *
   * @param joining does not wait for the torrent's loop
   */
  public synchronized JoinedTorrent join(Supplier<JoinedTorrent> joining) {
    JoinedTorrent joined = joining.get();
    torrent = joined;
    return joined;
  }

  /** The torrent; null before it joined, and while it is paused. */
  public synchronized @Nullable JoinedTorrent torrent() {
    return torrent;
  }

  /** Bytes moved since this was opened, also before it was paused. */
  public synchronized TorrentStats stats() {
    return torrent == null ? earlier : torrent.stats().after(earlier);
  }

  /** Leaves the swarm for a while; the storage is not used when this returns, and stays open. */
  public void pause() {
    JoinedTorrent leaving = torrent();
    if (leaving != null) {
      leaving.close();
      synchronized (this) {
        if (torrent == leaving) {
          earlier = leaving.stats().after(earlier);
          torrent = null;
        }
      }
    }
  }

  /** Leaves the swarm, then closes the files: in this order the storage is no longer in use. */
  public void close() {
    pause();
    try {
      files.close();
    } catch (IOException e) {
      log.log(Level.WARNING, e, () -> "closing the files of " + metainfo.infoHash());
    }
  }
}

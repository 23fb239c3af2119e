package dev.corvid.node;

import dev.corvid.metainfo.Metainfo;
import dev.corvid.store.Download;
import dev.corvid.swarm.Storage;
import dev.corvid.swarm.Torrent;
import dev.corvid.swarm.TorrentStats;
import java.io.Closeable;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One content that this node takes part in: its torrent and the storage under it. */
final class Share {
  static final TorrentStats NOTHING_MOVED = new TorrentStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final Logger log = Logger.getLogger(Share.class.getName());

  private final Metainfo metainfo;
  private final Storage storage;
  private final Closeable files;
  private Torrent torrent;

  <S extends Storage & Closeable> Share(Metainfo metainfo, S storage) {
    this.metainfo = metainfo;
    this.storage = storage;
    this.files = storage;
  }

  Metainfo metainfo() {
    return metainfo;
  }

  Storage storage() {
    return storage;
  }

  /** The download; null when this share serves a finished revision. */
  Download download() {
    return storage instanceof Download download ? download : null;
  }

  synchronized void joined(Torrent joined) {
    torrent = joined;
  }

  /** The torrent; null before it joined. */
  synchronized Torrent torrent() {
    return torrent;
  }

  /** Bytes moved since this share was opened. */
  TorrentStats stats() {
    Torrent joined = torrent();
    return joined == null ? NOTHING_MOVED : joined.stats();
  }

  /** Leaves the swarm, then closes the files: in this order the storage is no longer in use. */
  void close() {
    Torrent joined = torrent();
    if (joined != null) {
      joined.close();
    }
    try {
      files.close();
    } catch (IOException e) {
      log.log(Level.WARNING, e, () -> "closing the files of " + metainfo.infoHash());
    }
  }
}

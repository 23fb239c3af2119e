package dev.corvid.node.torrent;

import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.store.RevisionDownload;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Payload moved, in bytes: by this process, or for one release. The figures of what was left stay.
 * Thread-safe.
 */
public final class Traffic {
  private final Set<ActiveTorrent> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private Totals past = new Totals(0, 0, 0, 0, 0);

  /**
   * @param reused copied from earlier revisions on this node's disk
   * @param uploaded sent to other nodes
   * @param acrossZones received from nodes of other zones; counted above, too
   */
  public record Totals(
      long fromSeeder, long fromPeers, long reused, long uploaded, long acrossZones) {
    /** From elsewhere. */
    public long received() {
      return fromSeeder + fromPeers;
    }

    private static Totals of(ActiveTorrent activeTorrent) {
      TorrentStats stats = activeTorrent.stats();
      RevisionDownload download = activeTorrent.download();
      return new Totals(
          stats.downloadedFromSeeder(),
          stats.downloadedFromPeers(),
          download == null ? 0 : download.bytesReused(),
          stats.uploaded(),
          stats.downloadedAcrossZones());
    }

    private Totals plus(Totals other) {
      return new Totals(
          fromSeeder + other.fromSeeder,
          fromPeers + other.fromPeers,
          reused + other.reused,
          uploaded + other.uploaded,
          acrossZones + other.acrossZones);
    }
  }

  public synchronized void opened(ActiveTorrent activeTorrent) {
    open.add(activeTorrent);
  }

  /** Its torrent is closed: its figures are final. */
  public synchronized void closed(ActiveTorrent activeTorrent) {
    if (open.remove(activeTorrent)) {
      past = past.plus(Totals.of(activeTorrent));
    }
  }

  /** Of the shares that are open and those that were; no figure ever falls. */
  public synchronized Totals totals() {
    return open.stream().map(Totals::of).reduce(past, Totals::plus);
  }
}

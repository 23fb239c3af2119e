package dev.corvid.node;

import dev.corvid.bittorrent.TorrentStats;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Payload moved, in bytes: by this process, or for one release. The figures of what was left stay.
 * Thread-safe.
 */
final class Traffic {
  private final Set<Share> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private Totals past = new Totals(0, 0, 0, 0, 0);

  /**
   * @param reused copied from earlier revisions on this node's disk
   * @param uploaded sent to other nodes
   * @param acrossZones received from nodes of other zones; counted above, too
   */
  record Totals(long fromSeeder, long fromPeers, long reused, long uploaded, long acrossZones) {
    /** From elsewhere. */
    long received() {
      return fromSeeder + fromPeers;
    }

    private static Totals of(Share share) {
      TorrentStats stats = share.stats();
      return new Totals(
          stats.downloadedFromSeeder(),
          stats.downloadedFromPeers(),
          share.download() == null ? 0 : share.download().bytesReused(),
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

  synchronized void opened(Share share) {
    open.add(share);
  }

  /** Its torrent is closed: its figures are final. */
  synchronized void closed(Share share) {
    if (open.remove(share)) {
      past = past.plus(Totals.of(share));
    }
  }

  /** Of the shares that are open and those that were; no figure ever falls. */
  synchronized Totals totals() {
    return open.stream().map(Totals::of).reduce(past, Totals::plus);
  }
}

package dev.corvid.swarm;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How one torrent takes part.
 *
 * @param downloadLimit bytes per second, 0 is unlimited
 * @param uploadLimit bytes per second, 0 is unlimited
 * @param superSeed reveal pieces one by one until the neighbours together hold a copy (in the
 *     spirit of BEP 16); only a complete torrent does
 * @param seederAddress listening address whose bytes count as {@link
 *     TorrentStats#downloadedFromSeeder}
 * @param slots pieces served at once, and pieces in flight at once (S = R); more if they are small
 * @param maxConnections live connections of this torrent
 * @param dials of these, connections that this side opens
 */
public record TorrentOptions(
    long downloadLimit,
    long uploadLimit,
    boolean superSeed,
    Optional<InetSocketAddress> seederAddress,
    int slots,
    int maxConnections,
    int dials) {

  public TorrentOptions {
    if (downloadLimit < 0 || uploadLimit < 0)
      throw new IllegalArgumentException("A limit is negative; 0 means unlimited.");
    if (slots < 1 || slots > 16)
      throw new IllegalArgumentException("Slots must be between 1 and 16.");
    if (maxConnections < 1 || dials < 0 || dials > maxConnections) {
      throw new IllegalArgumentException("Dials must be between 0 and the number of connections.");
    }
  }

  public static TorrentOptions defaults() {
    return new TorrentOptions(0, 0, false, Optional.empty(), 2, 60, 15);
  }

  /** Bytes per second, 0 is unlimited. */
  public TorrentOptions withLimits(long download, long upload) {
    return new TorrentOptions(
        download, upload, superSeed, seederAddress, slots, maxConnections, dials);
  }

  public TorrentOptions withSuperSeed(boolean on) {
    return new TorrentOptions(
        downloadLimit, uploadLimit, on, seederAddress, slots, maxConnections, dials);
  }

  public TorrentOptions withSeeder(InetSocketAddress address) {
    return new TorrentOptions(
        downloadLimit, uploadLimit, superSeed, Optional.of(address), slots, maxConnections, dials);
  }

  public TorrentOptions withConnections(int most, int dialled) {
    return new TorrentOptions(
        downloadLimit, uploadLimit, superSeed, seederAddress, slots, most, dialled);
  }
}

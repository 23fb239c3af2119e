package dev.corvid.bittorrent;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How one torrent takes part.
 *
 * @param downloadLimit bytes per second, 0 is unlimited
 * @param uploadLimit bytes per second, 0 is unlimited
 * @param superSeed reveal pieces one by one until the neighbours together hold a copy (in the
 *     spirit of BEP 16); of a torrent that is not complete, pieces as they come
 * @param seederAddress listening address whose bytes count as {@link
 *     TorrentStats#downloadedFromSeeder}
 * @param slots pieces in flight at once (R), and two fewer than are served at once (S)
 * @param maxConnections live connections of this torrent
 * @param dials of these, connections that this side opens
 * @param webSeeds servers that have the whole content (BEP 19); a private torrent (BEP 27) names
 *     none, and only who answers for it may add one
 * @param onlyFirst so many pieces, the first ones, are fetched and no others; 0: all. Whoever has
 *     to know them before he knows what else he lacks closes the torrent when they are there
 */
public record TorrentOptions(
    long downloadLimit,
    long uploadLimit,
    boolean superSeed,
    Optional<InetSocketAddress> seederAddress,
    int slots,
    int maxConnections,
    int dials,
    List<WebSeed> webSeeds,
    int onlyFirst) {

  /**
   * Whatever a piece's length: simulated at 25 to 200 Mbit/s with pieces of 1 MiB, 1 + 8 take 1.20
   * to 1.30 of the bound with two, 1.04 to 1.08 with eight. More win little, and lose a little with
   * 20 peers at 25 Mbit/s.
   */
  private static final int DEFAULT_SLOTS = 8;

  public TorrentOptions {
    webSeeds = List.copyOf(webSeeds);
    if (downloadLimit < 0 || uploadLimit < 0) {
      throw new IllegalArgumentException("A limit is negative; 0 means unlimited.");
    }
    if (slots < 1 || slots > 16) {
      throw new IllegalArgumentException("Slots must be between 1 and 16.");
    }
    if (onlyFirst < 0) {
      throw new IllegalArgumentException("A number of pieces is negative.");
    }
    if (maxConnections < 1 || dials < 0 || dials > maxConnections) {
      throw new IllegalArgumentException("Dials must be between 0 and the number of connections.");
    }
  }

  public static TorrentOptions defaults() {
    return new TorrentOptions(0, 0, false, Optional.empty(), DEFAULT_SLOTS, 60, 15, List.of(), 0);
  }

  /** Bytes per second, 0 is unlimited. */
  public TorrentOptions withLimits(long download, long upload) {
    var changed = new Draft(this);
    changed.downloadLimit = download;
    changed.uploadLimit = upload;
    return changed.options();
  }

  public TorrentOptions withSuperSeed(boolean on) {
    var changed = new Draft(this);
    changed.superSeed = on;
    return changed.options();
  }

  public TorrentOptions withSeeder(InetSocketAddress address) {
    var changed = new Draft(this);
    changed.seederAddress = Optional.of(address);
    return changed.options();
  }

  public TorrentOptions withConnections(int most, int dialled) {
    var changed = new Draft(this);
    changed.maxConnections = most;
    changed.dials = dialled;
    return changed.options();
  }

  public TorrentOptions withWebSeeds(List<WebSeed> seeds) {
    var changed = new Draft(this);
    changed.webSeeds = seeds;
    return changed.options();
  }

  public TorrentOptions withOnlyFirst(int pieces) {
    var changed = new Draft(this);
    changed.onlyFirst = pieces;
    return changed.options();
  }

  private static final class Draft {
    long downloadLimit;
    long uploadLimit;
    boolean superSeed;
    Optional<InetSocketAddress> seederAddress;
    int slots;
    int maxConnections;
    int dials;
    List<WebSeed> webSeeds;
    int onlyFirst;

    Draft(TorrentOptions from) {
      downloadLimit = from.downloadLimit;
      uploadLimit = from.uploadLimit;
      superSeed = from.superSeed;
      seederAddress = from.seederAddress;
      slots = from.slots;
      maxConnections = from.maxConnections;
      dials = from.dials;
      webSeeds = from.webSeeds;
      onlyFirst = from.onlyFirst;
    }

    TorrentOptions options() {
      return new TorrentOptions(
          downloadLimit,
          uploadLimit,
          superSeed,
          seederAddress,
          slots,
          maxConnections,
          dials,
          webSeeds,
          onlyFirst);
    }
  }
}

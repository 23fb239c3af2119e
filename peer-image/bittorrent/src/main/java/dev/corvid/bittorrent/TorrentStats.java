package dev.corvid.bittorrent;

/**
 * Figures of one torrent since it was added; bytes are payload of piece messages.
 *
 * @param downloaded received, wasted included
 * @param downloadedFromSeeder the part of {@code downloaded} that came from the address set as the
 *     seeder's
 * @param downloadedFromWeb the part of it that came from web seeds
 * @param downloadedAcrossZones the part of it that came from peers of other zones
 * @param uploaded sent to anybody
 * @param wasted received but not used: duplicates of the end game, bytes of pieces that failed
 *     their SHA-1
 * @param verifiedPieces pieces verified, those found verified at the start included
 * @param pieces pieces in the torrent
 * @param neighbours live connections
 * @param corruptPieces pieces that failed their SHA-1
 * @param bannedPeers peers banned for sending them
 */
public record TorrentStats(
    long downloaded,
    long downloadedFromSeeder,
    long downloadedFromWeb,
    long downloadedAcrossZones,
    long uploaded,
    long wasted,
    int verifiedPieces,
    int pieces,
    int neighbours,
    long corruptPieces,
    long bannedPeers) {
  public boolean complete() {
    return verifiedPieces == pieces;
  }

  /** With the bytes that the same torrent moved before it was left and added again. */
  public TorrentStats after(TorrentStats earlier) {
    return new TorrentStats(
        earlier.downloaded + downloaded,
        earlier.downloadedFromSeeder + downloadedFromSeeder,
        earlier.downloadedFromWeb + downloadedFromWeb,
        earlier.downloadedAcrossZones + downloadedAcrossZones,
        earlier.uploaded + uploaded,
        earlier.wasted + wasted,
        verifiedPieces,
        pieces,
        neighbours,
        earlier.corruptPieces + corruptPieces,
        earlier.bannedPeers + bannedPeers);
  }

  /** Bytes that came from other peers than the seeder. */
  public long downloadedFromPeers() {
    return downloaded - downloadedFromSeeder - downloadedFromWeb;
  }
}

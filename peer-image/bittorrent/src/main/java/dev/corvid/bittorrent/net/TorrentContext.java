package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.pieces.PieceStorage;

/** What the connections of one torrent share. Confined to the torrent's loop. */
public record TorrentContext(
    Loop loop, SwarmContext swarm, PieceStorage storage, RateLimiter rateLimiter) {
  /** Bytes of the largest block that is exchanged between Corvid peers. */
  public int largestBlock() {
    return swarm.options().largestBlock();
  }
}

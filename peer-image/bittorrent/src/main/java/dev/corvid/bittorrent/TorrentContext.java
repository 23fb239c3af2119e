package dev.corvid.bittorrent;

/** What the connections of one torrent share. Confined to the torrent's loop. */
record TorrentContext(
    Loop loop, SwarmContext swarm, PieceStorage storage, RateLimiter rateLimiter) {
  /** Bytes of the largest block that is exchanged between Corvid peers. */
  int largestBlock() {
    return swarm.options().largestBlock();
  }
}

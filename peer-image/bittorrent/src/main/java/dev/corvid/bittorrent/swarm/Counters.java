package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.TorrentStats;
import java.util.concurrent.atomic.LongAdder;

/** Figures that the loop writes and anybody reads. */
final class Counters {
  final LongAdder downloaded = new LongAdder();
  final LongAdder fromSeeder = new LongAdder();
  final LongAdder fromWeb = new LongAdder();
  final LongAdder fromElsewhere = new LongAdder();
  final LongAdder uploaded = new LongAdder();
  final LongAdder wasted = new LongAdder();
  final LongAdder corrupt = new LongAdder();
  final LongAdder banned = new LongAdder();
  volatile int verified;
  volatile int neighbours;

  TorrentStats snapshot(int pieces) {
    return new TorrentStats(
        downloaded.sum(),
        fromSeeder.sum(),
        fromWeb.sum(),
        fromElsewhere.sum(),
        uploaded.sum(),
        wasted.sum(),
        verified,
        pieces,
        neighbours,
        corrupt.sum(),
        banned.sum());
  }
}

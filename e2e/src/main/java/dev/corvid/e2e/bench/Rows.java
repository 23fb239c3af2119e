package dev.corvid.e2e.bench;

import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.program.Aria;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.program.Corvid;
import dev.corvid.e2e.bench.program.Libtorrent;
import dev.corvid.e2e.bench.swarm.SwarmPlan;
import java.nio.file.Path;
import java.util.List;

/** What is measured. */
final class Rows {
  private static final long MIB = 1 << 20;

  private final Client corvid;
  private final Client libtorrent;
  private final Client aria = new Aria();

  Rows(Path checkout, Corvid corvid) {
    this.corvid = corvid;
    this.libtorrent = new Libtorrent(checkout);
  }

  /** The most telling ones, with small content: three minutes. */
  List<Row> quick() {
    return List.of(
        new SwarmRow(
            SwarmPlan.of("eight", 8, Link.of(100)),
            "1 + 8 peers, every link 100 Mbit/s, 64 MiB",
            64 * MIB,
            List.of(corvid, libtorrent)));
  }

  List<Row> all() {
    return List.of(
        new SwarmRow(
            SwarmPlan.of("eight", 8, Link.of(100)),
            "1 + 8 peers, every link 100 Mbit/s, 256 MiB",
            256 * MIB,
            List.of(corvid, libtorrent, aria)),
        new SwarmRow(
            SwarmPlan.of("twenty", 20, Link.of(25)),
            "1 + 20 peers, every link 25 Mbit/s, 128 MiB",
            128 * MIB,
            List.of(corvid, libtorrent, aria)));
  }
}

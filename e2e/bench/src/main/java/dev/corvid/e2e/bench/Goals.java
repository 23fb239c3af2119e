package dev.corvid.e2e.bench;

import static dev.corvid.e2e.bench.report.Goal.atMost;
import static dev.corvid.e2e.bench.report.Goal.timesBetter;

import dev.corvid.e2e.bench.report.Goal;
import dev.corvid.e2e.bench.report.Goal.Source;
import dev.corvid.e2e.bench.swarm.Fault;
import dev.corvid.e2e.bench.swarm.SeederSeat;
import java.util.List;
import java.util.stream.Stream;

/** What Corvid wants to reach. The programs go by the names that their figures have. */
record Goals(String corvid, String placing, String libtorrent, String aria) {

  List<Goal> all() {
    return Stream.of(oneLink(), swarms(), misfortunes(), costs()).flatMap(List::stream).toList();
  }

  private List<Goal> oneLink() {
    var ours = new Source("link", corvid, SwarmFigures.MAKESPAN);
    var processor = new Source("link", corvid, SwarmFigures.PROCESSOR);
    return List.of(
        atMost(1, "1 → 1, loopback: wall over nginx, curl", ours, ours.of(Rows.CURL.name())),
        timesBetter(2, "libtorrent's wall over ours", ours, ours.of(libtorrent)),
        timesBetter(2, "aria2's wall over ours", ours, ours.of(aria)),
        atMost(1, "CPU over nginx, curl, sha1sum", processor, processor.of(Rows.SUMMED.name())),
        overSynced(
            "full path onto a disk: wall over nginx, curl, sha256sum, sync", SwarmFigures.MAKESPAN),
        overSynced("CPU over the same", SwarmFigures.PROCESSOR));
  }

  private Goal overSynced(String title, String measure) {
    var ours = new Source("path", placing, measure);
    return atMost(1, title, ours, ours.of(Rows.SYNCED.name()));
  }

  private List<Goal> swarms() {
    return List.of(
        atMost(
            1.06, "1 + 3 at 200 Mbit/s: makespan / bound", ours("three", SwarmFigures.OVER_BOUND)),
        atMost(
            1.10, "1 + 3 at 1,000 Mbit/s: makespan / bound", ours("fast", SwarmFigures.OVER_BOUND)),
        atMost(
            1.10, "1 + 8 at 100 Mbit/s: makespan / bound", ours("eight", SwarmFigures.OVER_BOUND)),
        atMost(
            1.10,
            "1 + 8, the seeder beside a peer: makespan over that on a node of its own",
            ours("beside", SwarmFigures.MAKESPAN).of(seated(SeederSeat.WITH_A_PEER)),
            ours("beside", SwarmFigures.MAKESPAN).of(seated(SeederSeat.OWN_NODE))),
        atMost(
            1.15, "1 + 20 at 25 Mbit/s: makespan / bound", ours("twenty", SwarmFigures.OVER_BOUND)),
        atMost(
            1.05,
            "seeder's copies until the peers hold one, 1 + 8",
            ours("eight", SwarmFigures.COPIES_FOR_ONE)),
        atMost(1.05, "the same, 1 + 20", ours("twenty", SwarmFigures.COPIES_FOR_ONE)),
        atMost(
            1.3,
            "half the peers at half the speed: last fast one / its bound",
            ours("half", SwarmFigures.FAST_OVER_BOUND)),
        overLibtorrent("last fast one over libtorrent's", "half", SwarmFigures.LAST_FAST),
        overLibtorrent("last of all over libtorrent's", "half", SwarmFigures.MAKESPAN),
        overLibtorrent(
            "20 ms, 0.5 % loss: makespan over libtorrent's", "far", SwarmFigures.MAKESPAN),
        overLibtorrent(
            "joining over 30 s: makespan over libtorrent's", "joining", SwarmFigures.MAKESPAN),
        timesBetter(
            17,
            "20 nodes: one HTTP server's time over ours",
            ours("central", SwarmFigures.MAKESPAN),
            ours("central", SwarmFigures.MAKESPAN).of(Rows.CURL.name())));
  }

  private String seated(SeederSeat seat) {
    return corvid + ", " + seat.words();
  }

  private List<Goal> misfortunes() {
    var well = ours("faults", SwarmFigures.MAKESPAN);
    return Stream.of(Fault.values())
        .filter(fault -> fault != Fault.NONE)
        .map(
            fault ->
                atMost(
                    1.05,
                    fault.words() + ": time of all others over that of all well",
                    well.of(corvid + ", " + fault.words()),
                    well))
        .toList();
  }

  private List<Goal> costs() {
    return List.of(
        atMost(1.05, "1 + 8, simulated and measured: apart by", apart(Rows.SIMULATED_EIGHT)),
        atMost(1.05, "1 + 20, simulated and measured: apart by", apart(Rows.SIMULATED_TWENTY)),
        atMost(
            1.25,
            "10,000 peers, simulated: last / bound",
            new Source("simulated", Rows.MANY, SimulationRow.LAST)),
        atMost(
            96,
            "RssAnon MiB while downloading 1 GiB from 8 neighbours",
            ours("memory", SwarmFigures.PEER_MEMORY)),
        atMost(
            96,
            "RssAnon MiB while downloading 100,000 files",
            ours("files", SwarmFigures.PEER_MEMORY)),
        atMost(
            1.05,
            "100,000 files of 4 KiB: length with padding / content",
            ours("files", SwarmFigures.PADDED)),
        atMost(64, "the same: tracker's KiB per node", ours("files", SwarmFigures.TRACKER)),
        atMost(1.2, "launch to first piece, s", ours("launch", LaunchRow.FIRST_PIECE)),
        atMost(
            1.6,
            "on a cluster: apply → last verified, over the size at the link's rate",
            ours("cluster", ClusterRow.OVER_LINK)));
  }

  private static Source apart(String swarm) {
    return new Source("simulated", swarm, SimulationRow.APART);
  }

  private Source ours(String row, String measure) {
    return new Source(row, corvid, measure);
  }

  private Goal overLibtorrent(String title, String row, String measure) {
    var ours = ours(row, measure);
    return atMost(1, title, ours, ours.of(libtorrent));
  }
}

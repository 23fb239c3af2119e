package dev.corvid.e2e.bench;

import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.program.Aria;
import dev.corvid.e2e.bench.program.BtCore;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.program.Corvid;
import dev.corvid.e2e.bench.program.CorvidNode;
import dev.corvid.e2e.bench.program.Libtorrent;
import dev.corvid.e2e.bench.report.Goal;
import dev.corvid.e2e.bench.swarm.Content;
import dev.corvid.e2e.bench.swarm.Contestant;
import dev.corvid.e2e.bench.swarm.Fault;
import dev.corvid.e2e.bench.swarm.Impairment;
import dev.corvid.e2e.bench.swarm.SeederSeat;
import dev.corvid.e2e.bench.swarm.Swarm;
import dev.corvid.e2e.bench.swarm.SwarmPlan;
import dev.corvid.e2e.bench.swarm.Web;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is measured. */
final class Rows {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /** Far away: one TCP flow carries some 10 Mbit/s there (Mathis). */
  private static final Impairment FAR = new Impairment(Duration.ofMillis(20), 0.005);

  static final Web CURL = new Web("nginx, curl", "curl -sf -o $FILE $URL");
  static final Web SUMMED =
      new Web("nginx, curl && sha1sum", CURL.script() + " && sha1sum $FILE >/dev/null");
  static final Web SYNCED =
      new Web(
          "nginx, curl && sha256sum && sync -f",
          CURL.script() + " && sha256sum $FILE >/dev/null && sync -f $FILE");

  static final String SIMULATED_EIGHT = "1 + 8 × 1,024 pieces at 100 Mbit/s, as the bench's";
  static final String SIMULATED_TWENTY = "1 + 20 × 512 pieces at 25 Mbit/s, as the bench's";
  static final String MANY = "1 + 10,000 × 512 pieces, no buffers";

  private final Path checkout;
  private final Client corvid;
  private final Client placing;
  private final Client libtorrent;
  private final Client aria = new Aria();
  private final Client btCore = new BtCore();

  Rows(Path checkout, Corvid corvid) {
    this.checkout = checkout;
    this.corvid = corvid;
    this.placing = new CorvidNode(corvid);
    this.libtorrent = new Libtorrent(checkout);
  }

  /** The most telling ones, with small content: three minutes. */
  List<Row> quick() {
    return List.of(
        link("1 → 1, loopback, 512 MiB", 512 * MIB),
        new SwarmRow(
            SwarmPlan.of("eight", 8, Link.of(100)),
            "1 + 8 peers, every link 100 Mbit/s, 64 MiB",
            file(64 * MIB),
            swarms(corvid, libtorrent)),
        launch());
  }

  List<Row> all() {
    return List.of(
        link("1 → 1, loopback, 1 GiB, pieces verified, nothing synced", GIB),
        path(),
        three("three", 200),
        three("fast", 1_000),
        new SwarmRow(
                SwarmPlan.of("eight", 8, Link.of(100)),
                "1 + 8 peers, every link 100 Mbit/s, 256 MiB",
                file(256 * MIB),
                swarms(corvid, libtorrent, aria, btCore))
            .othersAtMost(1),
        new SwarmRow(
                SwarmPlan.of("twenty", 20, Link.of(25)),
                "1 + 20 peers, every link 25 Mbit/s, 128 MiB",
                file(128 * MIB),
                swarms(corvid, libtorrent))
            .othersAtMost(1),
        new SwarmRow(
                SwarmPlan.of("half", 8, Link.of(100)).halfOn(Link.of(50)),
                "1 + 8 peers at 100 Mbit/s, the later half of them at 50, 128 MiB",
                file(128 * MIB),
                swarms(corvid, libtorrent))
            .othersAtMost(1),
        new SwarmRow(
                SwarmPlan.of("far", 8, Link.of(100)).with(FAR),
                "1 + 8 peers at 100 Mbit/s, 20 ms round trip and 0.5 % loss between any two, 64 MiB",
                file(64 * MIB),
                swarms(corvid, libtorrent))
            .othersAtMost(1),
        new SwarmRow(
                SwarmPlan.of("joining", 8, Link.of(100))
                    .with(FAR)
                    .joiningOver(Duration.ofSeconds(30)),
                "The same, peers joining over 30 s",
                file(64 * MIB),
                swarms(corvid, libtorrent))
            .othersAtMost(1),
        faults(),
        beside(),
        new SwarmRow(
                SwarmPlan.of("central", 20, Link.of(25)),
                "1 + 20 nodes at 25 Mbit/s, 32 MiB, against one HTTP server with the same uplink",
                file(32 * MIB),
                List.of(Swarm.of(corvid), CURL))
            .othersAtMost(1),
        new SwarmRow(
            SwarmPlan.of("memory", 8, Link.UNSHAPED).seededBy(8),
            "One peer and 8 neighbours that have everything, no limits, 1 GiB",
            file(GIB),
            swarms(corvid, libtorrent)),
        new SwarmRow(
            SwarmPlan.of("files", 3, Link.UNSHAPED),
            "1 + 3 peers, no limits, 100,000 files of 4 KiB",
            folder -> Content.of(folder, 100_000, 4096),
            swarms(corvid)),
        launch(),
        new ClusterRow(),
        new SimulationRow(
            checkout,
            simulated(),
            Map.of(SIMULATED_EIGHT, measured("eight"), SIMULATED_TWENTY, measured("twenty"))));
  }

  List<Goal> goals() {
    return new Goals(corvid.name(), placing.name(), libtorrent.name(), aria.name()).all();
  }

  private Row link(String title, long bytes) {
    var contestants = new ArrayList<>(swarms(corvid, libtorrent, aria));
    contestants.addAll(List.of(CURL, SUMMED));
    return new SwarmRow(SwarmPlan.of("link", 1, Link.LOOPBACK), title, file(bytes), contestants);
  }

  private Row path() {
    return new SwarmRow(
            SwarmPlan.of("path", 1, Link.LOOPBACK),
            "1 → 1, loopback, 1 GiB onto a disk: pieces, SHA-256 read back, sync, rename",
            folder -> Content.of(folder.resolve("revision"), GIB),
            List.of(Swarm.of(placing), SYNCED))
        .onDisk();
  }

  /** Pieces of 1 MiB. */
  private Row three(String name, int megabits) {
    return new SwarmRow(
            SwarmPlan.of(name, 3, Link.of(megabits)),
            "1 + 3 peers, every link %,d Mbit/s, 1 GiB".formatted(megabits),
            file(GIB),
            swarms(corvid, libtorrent))
        .othersAtMost(1);
  }

  private Row faults() {
    var contestants = new ArrayList<Contestant>();
    for (var client : List.of(corvid, libtorrent)) {
      contestants.add(Swarm.of(client));
      for (var fault : Fault.values()) {
        if (fault != Fault.NONE) {
          contestants.add(Swarm.of(client, fault));
        }
      }
    }
    return new SwarmRow(
            SwarmPlan.of("faults", 8, Link.of(100)),
            "1 + 8 peers at 100 Mbit/s, 128 MiB; peers struck at two fifths; time of all others",
            file(128 * MIB),
            contestants)
        .othersAtMost(1);
  }

  private Row beside() {
    var contestants = new ArrayList<Contestant>();
    for (var seat : SeederSeat.values()) {
      contestants.add(Swarm.of(corvid, seat));
    }
    return new SwarmRow(
        SwarmPlan.of("beside", 8, Link.of(100)),
        "1 + 8 peers at 100 Mbit/s, 256 MiB, the seeder on a node of its own and on a peer's",
        file(256 * MIB),
        contestants);
  }

  private Row launch() {
    return new LaunchRow(List.of(corvid, libtorrent));
  }

  private Goal.Source measured(String row) {
    return new Goal.Source(row, corvid.name(), SwarmFigures.OVER_BOUND);
  }

  /** Buffers are those of the bench's links: 50 ms and a burst of 128 KiB. */
  private static Map<String, List<String>> simulated() {
    var swarms = new LinkedHashMap<String, List<String>>();
    swarms.put(SIMULATED_EIGHT, List.of("8", "1024", "3", "100", "60", "5", "200"));
    swarms.put(SIMULATED_TWENTY, List.of("20", "512", "3", "25", "92", "5", "470"));
    swarms.put(MANY, List.of("10000", "512", "1", "100", "0"));
    return swarms;
  }

  private static SwarmRow.Ware file(long bytes) {
    return folder -> Content.of(folder, bytes);
  }

  private static List<Contestant> swarms(Client... clients) {
    return List.of(clients).stream().<Contestant>map(Swarm::of).toList();
  }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code make try}: a tracker, a seeder and eight peers as processes of their own on loopback, and
 * one release that all of them end up with. Run from the top of the clone after a build:
 *
 * <pre>java -cp 'peer-image/peer/target/lib/*' e2e/try/Try.java [PEERS]</pre>
 */
final class Try {
  private static final Path FOLDER = Path.of("target", "try");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Processes processes = new Processes(Path.of("peer-image/peer/target/corvid-peer.jar"));
  private final Table table = new Table();
  private volatile boolean ending;

  public static void main(String[] arguments) throws Exception {
    var peers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
    var attempt = new Try();
    Runtime.getRuntime().addShutdownHook(new Thread(attempt::cleanUp));
    try {
      attempt.run(peers);
    } catch (Trouble e) {
      if (!attempt.ending) {
        System.err.println("try: " + e.getMessage());
      }
      System.exit(1);
    }
    System.exit(0);
  }

  private void run(int count) throws Exception {
    Tree.delete(FOLDER);
    var release = FOLDER.resolve("release");
    var size = Tree.copyOfJdk(release);
    System.out.printf(
        "The release: %d files of this JDK, %d MB. One tracker, one seeder, %d peers.%n",
        size.files(), size.bytes() / 1_000_000, count);

    var tracker = processes.start("tracker", "tracker", "--json", "--listen", "127.0.0.1:0");
    var announce = "http://" + tracker.await("listening").get("address") + "/announce";
    var torrent = FOLDER.resolve("release.torrent").toString();
    processes.run("make", release.toString(), "-o", torrent, "--announce", announce);
    var seeder =
        processes.start(
            "seeder", "seed", torrent, release.toString(), "--json", "--listen", "127.0.0.1:0");
    var address = seeder.await("listening").get("address").toString();

    List<Member> peers = new ArrayList<>();
    for (var i = 1; i <= count; i++) {
      peers.add(peer(i, torrent, address));
    }
    table.showWhile(peers, size.bytes(), wholeAll(peers));
    var totals = farewell(peers);
    table.result(peers, totals, size.bytes(), seeder.end());
    verify(release, peers);
  }

  private Member peer(int number, String torrent, String seeder) throws IOException {
    var name = "peer-" + number;
    return processes.start(
        name,
        "get",
        torrent,
        FOLDER.resolve(name).toString(),
        "--json",
        "--progress=250ms",
        "--listen=127.0.0.1:0",
        "--seeder=" + seeder,
        "--seed-for=1h");
  }

  private static CompletableFuture<Void> wholeAll(List<Member> peers) {
    return CompletableFuture.allOf(
            peers.stream().map(peer -> peer.event("complete")).toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static List<Map<String, Object>> farewell(List<Member> peers) throws Exception {
    List<Map<String, Object>> totals = new ArrayList<>();
    for (var peer : peers) {
      totals.add(peer.end());
    }
    return totals;
  }

  private static void verify(Path release, List<Member> peers) throws Exception {
    var expected = Tree.digest(release);
    for (var peer : peers) {
      var tree = FOLDER.resolve(peer.name()).resolve("release");
      if (!Tree.digest(tree).equals(expected)) {
        throw new Trouble(peer.name() + " has another tree than the seeder: " + tree);
      }
    }
    System.out.printf(
        "Read back from disk: %d trees with the release's paths, bytes, links and executable bits.%n"
            + "SHA-256 over each tree: %s%n%n"
            + "Shown: one seeder with the upload of about one copy is enough for all peers, which verify%n"
            + "each piece and serve it on. The processes end now, and their files are deleted.%n"
            + "Next: `make demo` does it in Kubernetes, from `kubectl apply` to a pod that reads the release.%n",
        peers.size(), expected);
  }

  private void cleanUp() {
    ending = true;
    processes.endAll();
    try {
      Tree.delete(FOLDER);
    } catch (IOException e) {
      System.err.println("try: " + FOLDER + " could not be deleted: " + e.getMessage());
    }
  }
}

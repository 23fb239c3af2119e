package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tracker, seeder and peers as real processes over loopback. */
@Tag("slow")
class SwarmProcessesTest {
  private static final String LISTEN = "--listen=127.0.0.1:0";

  @TempDir Path directory;
  private final Deque<CorvidProcess> processes = new ArrayDeque<>();

  @AfterEach
  void endAll() {
    processes.forEach(CorvidProcess::close);
  }

  @Test
  void twoPeersAndThenASeederFindEachOtherThroughATracker() throws Exception {
    var tree = SampleTree.in(directory, 5_000_000);
    var torrent = directory.resolve("x.torrent");
    var tracker = start("tracker", "--json", LISTEN);
    var announce = "http://" + address(tracker) + "/announce";
    assertThat(Cli.run("make", tree, "-o", torrent, "--announce", announce, "--private").err())
        .isEmpty();

    var one = get(torrent, "one", "--seed-for=1h", "--verify");
    var two = get(torrent, "two", "--seed-for=1h");
    one.await("listening");
    two.await("listening");
    var seeder = start("seed", torrent, tree, "--json", LISTEN);

    for (var peer : new CorvidProcess[] {one, two}) {
      peer.await("first-piece");
      assertThat(peer.await("complete").path("bytes").asLong()).isGreaterThan(5_300_000);
    }
    assertThat(SampleTree.describe(directory.resolve("one/tree")))
        .isEqualTo(SampleTree.describe(tree))
        .isEqualTo(SampleTree.describe(directory.resolve("two/tree")));
    assertThat(one.terminate().await("totals").path("downloaded").asLong()).isPositive();
    assertThat(seeder.terminate().await("totals").path("uploaded").asLong())
        .isGreaterThan(5_000_000);
    for (var process : new CorvidProcess[] {one, two.terminate(), seeder, tracker.terminate()}) {
      assertThat(process.exitCode()).isZero();
    }
  }

  @Test
  void goesOnAfterATerminationAndAfterAKill() throws Exception {
    var tree = SampleTree.in(directory, 8_000_000);
    var torrent = directory.resolve("x.torrent");
    Cli.run("make", tree, "-o", torrent, "--piece-length=64Ki");
    var seeder = start("seed", torrent, tree, "--json", LISTEN);
    var peer = "--peer=" + address(seeder);

    var first = get(torrent, "out", peer, "--download-limit=2M", "--progress=50ms");
    first.await("progress", event -> event.path("verified").asLong() > 1_500_000);
    var before = first.terminate().await("totals").path("downloaded").asLong();
    assertThat(first.exitCode()).isEqualTo(1);

    // Nobody to download from: what it reports is what it found on the disk.
    var alone = get(torrent, "out", "--peer=127.0.0.1:1", "--progress=50ms");
    assertThat(alone.await("progress").path("verified").asLong())
        .isGreaterThanOrEqualTo(1_500_000)
        .isLessThanOrEqualTo(before + (64 << 10));
    assertThat(alone.terminate().exitCode()).isEqualTo(1);

    var second = get(torrent, "out", peer, "--download-limit=2M", "--progress=50ms");
    second.await("progress", event -> event.path("verified").asLong() > 3_500_000);
    second.kill().exitCode();

    var third = get(torrent, "out", peer, "--verify");
    third.await("complete");
    assertThat(third.await("totals").path("downloaded").asLong())
        .as("only what was lacking")
        .isLessThan(5_500_000);
    assertThat(third.exitCode()).isZero();
    assertThat(SampleTree.describe(directory.resolve("out/tree")))
        .isEqualTo(SampleTree.describe(tree));

    var again = get(torrent, "out", "--peer=127.0.0.1:1");
    again.await("complete");
    assertThat(again.await("totals").path("downloaded").asLong()).as("all there").isZero();
  }

  @Test
  void aSingleFileArrivesUnderItsName() throws Exception {
    var file = SampleTree.in(directory, 700_000).resolve("large");
    var torrent = directory.resolve("x.torrent");
    Cli.run("make", file, "-o", torrent);
    var seeder = start("seed", torrent, file, "--json", LISTEN);

    var peer = get(torrent, "out", "--peer=" + address(seeder));
    var path = Path.of(peer.await("complete").path("path").asText());

    assertThat(path).isEqualTo(directory.resolve("out/large")).hasSameBinaryContentAs(file);
    assertThat(peer.exitCode()).isZero();
  }

  private CorvidProcess get(Path torrent, String to, String... options) throws IOException {
    var arguments = new ArrayDeque<Object>();
    arguments.add("get");
    arguments.add(torrent);
    arguments.add(directory.resolve(to));
    arguments.add("--json");
    arguments.add(LISTEN);
    for (var option : options) {
      arguments.add(option);
    }
    return start(arguments.toArray());
  }

  private CorvidProcess start(Object... arguments) throws IOException {
    var process = CorvidProcess.start(arguments);
    processes.add(process);
    return process;
  }

  private static String address(CorvidProcess process) throws InterruptedException {
    return process.await("listening").path("address").asText();
  }
}

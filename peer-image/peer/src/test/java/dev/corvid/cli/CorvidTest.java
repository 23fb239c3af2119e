package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.cli.process.Arguments;
import dev.corvid.cli.swarm.SeedCommand;
import dev.corvid.net.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes and what a user reads when something is wrong: one line, no stack trace. */
class CorvidTest {
  @TempDir Path directory;

  @Test
  void helpsAndSucceeds() {
    assertThat(Cli.run("--help").out()).contains("make", "tracker", "seed", "get");
    assertThat(Cli.run("get", "--help").exitCode()).isZero();
    assertThat(Cli.run("peer", "--help").exitCode()).isZero();
    assertThat(Cli.run("seeder", "--help").exitCode()).isZero();
    assertThat(Cli.run("get", "--help").out()).contains("--seed-for", "--peer", "--json");
  }

  @Test
  void saysTheVersionThatWasBuilt() {
    assertThat(Cli.run("--version").out()).isEqualTo("corvid " + Version.text() + "\n");
  }

  @Test
  void exitsWithTwoForWrongUsage() {
    assertThat(Cli.run().exitCode()).isEqualTo(2);
    assertThat(Cli.run("fly").exitCode()).isEqualTo(2);
    assertThat(Cli.run("get", "x.torrent").exitCode()).isEqualTo(2);
    assertThat(Cli.run("get", "x", "y", "--peer=nowhere").err()).contains("write 10.0.0.1:6881");
    assertThat(Cli.run("tracker", "--cluster").exitCode()).isEqualTo(2);
  }

  @Test
  void exitsWithOneAndOneLineForWhatFails() throws IOException {
    var missing = Cli.run("get", directory.resolve("no.torrent"), directory);
    var broken = Files.writeString(directory.resolve("broken.torrent"), "<html>");

    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualTo("corvid: there is no file " + directory.resolve("no.torrent") + "\n");
    assertThat(Cli.run("seed", broken, directory).err())
        .isEqualTo("corvid: " + broken + ": not a torrent: expected a dictionary (byte 0)\n");
  }

  @Test
  void refusesPeersByHandForAPrivateTorrent() throws IOException {
    var torrent = torrent("--private", "--announce=http://127.0.0.1:1/announce");

    for (var option : new String[] {"--peer=127.0.0.1:1", "--seeder=127.0.0.1:1"}) {
      var got = Cli.run("get", torrent, directory.resolve("out"), option);
      assertThat(got.exitCode()).isEqualTo(2);
      assertThat(got.err()).startsWith("the torrent is private");
    }
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void saysThatSomebodyMustKnowPeers() throws IOException {
    assertThat(Cli.run("get", torrent(), directory.resolve("out")).err())
        .isEqualTo("corvid: the torrent names no tracker: name its peers with --peer\n");
  }

  @Test
  void saysWhatDoesNotFitTheTorrent() throws IOException {
    var torrent = torrent();
    Files.delete(directory.resolve("tree/large"));

    var seeding = Cli.run("seed", torrent, directory.resolve("tree"));
    assertThat(seeding.exitCode()).isEqualTo(1);
    assertThat(seeding.err()).startsWith("corvid: ").contains("large").hasLineCount(1);
  }

  @Test
  void findsChangedContentWhenAskedToVerify() throws IOException {
    var torrent = torrent();
    var content = Files.readAllBytes(directory.resolve("tree/large"));
    content[5] ^= 1;
    Files.write(directory.resolve("tree/large"), content);

    assertThat(Cli.run("seed", torrent, directory.resolve("tree"), "--verify").err())
        .isEqualTo("corvid: 1 of 2 pieces on disk differ from the torrent\n");
  }

  @Test
  void saysWhichAddressIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = "127.0.0.1:" + taken.getLocalPort();
      for (var got :
          new Cli[] {
            Cli.run("tracker", "--listen", address),
            Cli.run("seed", torrent(), directory.resolve("tree"), "--listen", address)
          }) {
        assertThat(got.exitCode()).isEqualTo(1);
        assertThat(got.err())
            .startsWith("corvid: cannot listen on " + address)
            .contains("already in use")
            .hasLineCount(1);
      }
    }
  }

  private Path torrent(String... options) throws IOException {
    var tree = SampleTree.in(directory, 50_000);
    var torrent = directory.resolve("x.torrent");
    var arguments = new Object[4 + options.length];
    arguments[0] = "make";
    arguments[1] = tree;
    arguments[2] = "-o";
    arguments[3] = torrent;
    System.arraycopy(options, 0, arguments, 4, options.length);
    assertThat(Cli.run(arguments).exitCode()).isZero();
    return torrent;
  }

  @Test
  void aSeedIsASuperSeedUnlessToldOtherwise() {
    assertThat(seedCommand().isSuperSeed()).isTrue();
    assertThat(seedCommand("--super-seed").isSuperSeed()).isTrue();
    assertThat(seedCommand("--no-super-seed").isSuperSeed()).isFalse();
  }

  private static SeedCommand seedCommand(String... options) {
    var command = new SeedCommand(null);
    var words = Stream.concat(Stream.of(options), Stream.of("x.torrent", "x"));
    new CommandLine(command)
        .registerConverter(InetSocketAddress.class, Arguments::address)
        .registerConverter(Duration.class, Arguments::duration)
        .parseArgs(words.toArray(String[]::new));
    return command;
  }
}

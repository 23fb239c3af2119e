package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else wrote into a torrent neither ends {@code get} nor steers the terminal. */
class StrangersTorrentTest {
  private static final String NAME = "a\u001b]0;gotcha\u0007\u202eb\rx";
  private static final String SHOWN = "a\\u001b]0;gotcha\\u0007\\u202eb x";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h|x/announce",
        "http://[::1/announce",
        "http://%zz/announce",
        "http://host:70700/announce",
        "http:///announce",
        "tracker:7070"
      })
  void aTrackerThatIsNoUrlIsRefusedByMake(String url) throws IOException {
    Files.writeString(directory.resolve("x"), "x");
    var torrent = directory.resolve("x.torrent");
    var made = Cli.run("make", directory.resolve("x"), "-o", torrent, "--announce", url);

    assertThat(made.exitCode()).isEqualTo(2);
    assertThat(made.err()).startsWith("'" + url + "' is not the URL of a tracker; write http://");
    assertThat(torrent).doesNotExist();
  }

  @Test
  void getLeavesOutTrackersThatAreNoneAndShowsNamesWithoutControlCharacters() throws Exception {
    Files.writeString(directory.resolve("x"), "content");
    var torrent =
        torrent(
            NAME, List.of(List.of("http://h|x/announce", "udp://host:1"), List.of("http://[::1/")));
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = SimpleFileServer.createFileServer(loopback, directory, OutputLevel.NONE);
    server.start();
    try {
      var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
      var target = directory.resolve("target");
      var got = Cli.run("get", torrent, target, "--web-seed=" + url);

      assertThat(got.exitCode()).as(got.err()).isZero();
      assertThat(target.resolve(NAME)).hasContent("content");
      assertThat(got.err())
          .contains("complete: " + target + "/" + SHOWN + ", 7B")
          .contains("tracker 'http://h|x/announce' is not used: it is not an http or https URL\n")
          .contains("tracker 'udp://host:1' is not used")
          .contains("tracker 'http://[::1/' is not used")
          .doesNotContain("\u001b", "\u0007", "\u202e", "\r");
      Files.writeString(target.resolve(NAME), "changed");
      var again = Cli.run("get", torrent, target, "--web-seed=" + url);
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.err())
          .isEqualTo(
              "corvid: %s/%s is there and is not this torrent's: choose another directory, or remove it\n"
                  .formatted(target, SHOWN));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void getAsksForPeersWhereNoTrackerCanBeUsed() throws Exception {
    var torrent = torrent("name", List.of(List.of("http://h|x/announce")));

    assertThat(Cli.run("get", torrent, directory.resolve("target")))
        .isEqualTo(
            new Cli(
                1,
                "",
                "corvid: the torrent names no tracker by http or https: name its peers with --peer\n"));
  }

  @Test
  void progressWithoutAnIntervalIsRefused() throws Exception {
    var torrent = torrent("name", List.of());
    var got =
        Cli.run("get", torrent, directory, "--peer", "127.0.0.1:1", "--json", "--progress", "0s");

    assertThat(got.exitCode()).isEqualTo(2);
    assertThat(got.out()).isEmpty();
    assertThat(got.err()).startsWith("--progress must be longer than 0s");
  }

  private Path torrent(String name, List<List<String>> trackers) throws Exception {
    var hash = MessageDigest.getInstance("SHA-1").digest("content".getBytes());
    var metainfo = new InfoBuilder(name, 16 << 10).onlyFile(7, false).build(hash);
    return Files.write(
        directory.resolve("x.torrent"), new TorrentFile(metainfo, trackers, List.of()).encode());
  }
}

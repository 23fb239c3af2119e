package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebSeedsTest {
  @TempDir Path directory;

  @Test
  void getsATreeFromAWebServerGivenByHandOrNamedByTheTorrent() throws Exception {
    var tree = SampleTree.in(directory, 2_000_000);
    var torrent = directory.resolve("x.torrent");
    Cli.run("make", tree, "-o", torrent, "--piece-length=4Mi");
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = SimpleFileServer.createFileServer(loopback, directory, OutputLevel.NONE);
    server.start();
    try {
      var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      var given =
          Cli.run("get", torrent, directory.resolve("given"), "--web-seed=" + url, "--json");
      var plain = TorrentFile.parse(Files.readAllBytes(torrent));
      var naming = new TorrentFile(plain.metainfo(), List.of(), List.of("ftp://host/", url));
      Files.write(torrent, naming.encode());
      var named = Cli.run("get", torrent, directory.resolve("named"), "--json");

      assertThat(given.err() + named.err()).isEmpty();
      for (var got : List.of("given", "named")) {
        assertThat(SampleTree.describe(directory.resolve(got).resolve("tree")))
            .isEqualTo(SampleTree.describe(tree));
      }
      assertThat(given.out()).contains("\"event\":\"complete\"").doesNotContain("\"fromWeb\":0");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesThemForAPrivateTorrentAndWhatIsNoWebServer() throws Exception {
    var tree = SampleTree.in(directory, 1000);
    var torrent = directory.resolve("x.torrent");
    Cli.run("make", tree, "-o", torrent);
    var wrong = Cli.run("get", torrent, directory.resolve("out"), "--web-seed=ftp://host/");
    Cli.run("make", tree, "-o", torrent, "--private", "--announce=http://127.0.0.1:1/announce");
    var secret = Cli.run("get", torrent, directory.resolve("out"), "--web-seed=http://host/");

    assertThat(wrong.err()).startsWith("--web-seed takes an http or https URL, not 'ftp://host/'");
    assertThat(secret.err()).startsWith("the torrent is private");
    assertThat(directory.resolve("out")).doesNotExist();
  }
}

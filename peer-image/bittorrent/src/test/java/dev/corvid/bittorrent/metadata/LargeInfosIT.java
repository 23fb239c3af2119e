package dev.corvid.bittorrent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.swarm.RawPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twelve releases of many files begin at once on a node, in a process with a peer's memory. */
class LargeInfosIT {
  private static final int RELEASES = 12;
  private static final long MOST_KIB = 90 << 10;
  private static final int BYTES = 10 << 20;
  private static final String NAME = "release-";

  @TempDir Path directory;

  @Test
  void largeInfosComeOneByOne() throws Exception {
    var peers = new ArrayList<RawPeer>();
    try {
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx48m",
                  "-Xmn6m",
                  "-XX:MaxDirectMemorySize=16m",
                  "-XX:ReservedCodeCacheSize=24m",
                  "-XX:TrimNativeHeapInterval=2000",
                  "-XX:Tier4InvocationThreshold=20000",
                  "-XX:Tier4MinInvocationThreshold=2000",
                  "-XX:Tier4CompileThreshold=40000",
                  "-Djdk.nio.maxCachedBufferSize=262144",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  LargeInfosProcess.class.getName(),
                  directory.toString(),
                  Long.toString(MOST_KIB)));
      var base = info();
      for (var release = 0; release < RELEASES; release++) {
        var info = named(base, release);
        var hash = InfoHash.ofInfo(ByteBuffer.wrap(info));
        var own = new ArrayList<RawPeer>();
        own.add(new RawPeer(hash, MetainfoFetchTest.serving(info)));
        if (release == 1) {
          // Stalls with as much as there may be; claims more than that.
          own.add(new RawPeer(hash, MetainfoFetchTest.claiming(12 << 20)));
          own.add(new RawPeer(hash, MetainfoFetchTest.claiming(Integer.MAX_VALUE)));
        }
        peers.addAll(own);
        command.add(hash.hex());
        for (var peer : own) {
          command.add(Integer.toString(peer.address().getPort()));
        }
        command.add("-");
      }
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      var process = builder.start();
      try (var lines = process.inputReader()) {
        var said = lines.readAllLines();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isNotEmpty();
        assertThat(said.getFirst()).isEqualTo("fetched " + RELEASES);
        assertThat(Long.parseLong(said.get(1))).as("KiB of RssAnon").isLessThan(MOST_KIB);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      for (var peer : peers) {
        peer.close();
      }
    }
  }

  /** Some 32,000 files with long names. */
  private static byte[] info() throws Exception {
    var builder = new InfoBuilder(NAME + "00", 1 << 20);
    var folder = "a-directory-with-a-long-name/".repeat(9);
    for (var i = 0; i < BYTES / 325; i++) {
      builder.file(folder + "file-%06d".formatted(i), 1, false);
    }
    var buffer = builder.layout().infoBytes();
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] named(byte[] base, int number) {
    var info = base.clone();
    var name = (NAME + "00").getBytes(StandardCharsets.US_ASCII);
    var at = info.length - name.length;
    while (!java.util.Arrays.equals(info, at, at + name.length, name, 0, name.length)) {
      at--;
    }
    info[at + name.length - 2] += (byte) (number / 10);
    info[at + name.length - 1] += (byte) (number % 10);
    return info;
  }
}

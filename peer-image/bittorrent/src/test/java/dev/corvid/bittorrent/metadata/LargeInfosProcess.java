package dev.corvid.bittorrent.metadata;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Fetches metainfo as a peer does, and writes how many came and what memory it took. */
final class LargeInfosProcess {
  /** What the compiler and the collector have used is given back every two seconds. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(500);

  private LargeInfosProcess() {}

  /**
   * @param arguments a directory; KiB that it may hold in the end; then an info-hash, the ports of
   *     its neighbours and "-", for each
   */
  public static void main(String[] arguments) throws Exception {
    var directory = Path.of(arguments[0]);
    try (var swarm =
        Swarm.open(
            SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
      var fetches = new ArrayList<CompletableFuture<Metainfo>>();
      for (var i = 2; i < arguments.length; i++) {
        var hash = InfoHash.ofHex(arguments[i]);
        List<InetSocketAddress> neighbours = new ArrayList<>();
        for (i++; !arguments[i].equals("-"); i++) {
          neighbours.add(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[i])));
        }
        fetches.add(swarm.fetchMetainfo(SwarmId.of(hash), hash, neighbours, keeper(directory)));
      }
      var files = 0;
      for (var fetch : fetches) {
        if (fetch.get().fileCount() > 0) {
          files++;
        }
      }
      System.out.println("fetched " + files);
      System.out.println(settled(Long.parseLong(arguments[1])));
    }
  }

  /** KiB of anonymous memory: the last figure, if it does not fall below {@code most} in time. */
  private static long settled(long most) throws IOException {
    var deadline = System.nanoTime() + PATIENCE;
    var held = held();
    while (held >= most && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_AGAIN);
      held = held();
    }
    return held;
  }

  private static long held() throws IOException {
    try (var status = Files.lines(Path.of("/proc/self/status"))) {
      var line = status.filter(each -> each.startsWith("RssAnon:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  private static MetainfoKeeper keeper(Path directory) {
    return parts -> {
      var file = Files.createTempFile(directory, "info", "");
      try (var channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (var part : parts) {
          channel.write(part.duplicate());
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      }
    };
  }
}

package dev.corvid.swarm;

import dev.corvid.metainfo.InfoHash;
import dev.corvid.metainfo.Metainfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Fetches metainfo as a peer does, and writes how many came and what memory it took. */
final class LargeInfosProcess {
  private LargeInfosProcess() {}

  /**
   * @param arguments a directory; then an info-hash, the ports of its neighbours and "-", for each
   */
  public static void main(String[] arguments) throws Exception {
    var directory = Path.of(arguments[0]);
    try (var swarm =
        Swarm.open(
            SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
      var fetches = new ArrayList<CompletableFuture<Metainfo>>();
      for (var i = 1; i < arguments.length; i++) {
        var hash = InfoHash.ofHex(arguments[i]);
        List<InetSocketAddress> neighbours = new ArrayList<>();
        for (i++; !arguments[i].equals("-"); i++)
          neighbours.add(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[i])));
        fetches.add(swarm.fetchMetainfo(SwarmId.of(hash), hash, neighbours, keeper(directory)));
      }
      var files = 0;
      for (var fetch : fetches) if (fetch.get().fileCount() > 0) files++;
      System.out.println("fetched " + files);
      try (var status = Files.lines(Path.of("/proc/self/status"))) {
        status
            .filter(line -> line.startsWith("RssAnon:"))
            .forEach(line -> System.out.println(line.replaceAll("\\D", "")));
      }
    }
  }

  private static MetainfoKeeper keeper(Path directory) {
    return parts -> {
      var file = Files.createTempFile(directory, "info", "");
      try (var channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (var part : parts) channel.write(part.duplicate());
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      }
    };
  }
}

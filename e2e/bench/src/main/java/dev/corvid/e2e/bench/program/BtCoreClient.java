package dev.corvid.e2e.bench.program;

import bt.Bt;
import bt.data.file.FileSystemStorage;
import bt.metainfo.MetadataService;
import bt.metainfo.Torrent;
import bt.module.ServiceModule;
import bt.runtime.BtRuntime;
import bt.runtime.Config;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;

/**
 * One client of bt-core as a process of its own: {@code seed|get TORRENT DIRECTORY ADDRESS:PORT}.
 *
 * <p>Writes one JSON event a line: listening, first-piece, progress, complete. A seeder reads all
 * of its content first. It serves until it is ended. It finds peers through the torrent's tracker
 * alone; everything that is not set here is bt-core's default.
 */
public final class BtCoreClient {
  private static final long PROGRESS_MILLIS = 250;

  /** The tracker's own interval is minutes; aria2 has the same five seconds in the bench. */
  private static final Duration ANNOUNCE = Duration.ofSeconds(5);

  private final Torrent torrent;
  private final int pieces;
  private final BitSet verified = new BitSet();

  private BtCoreClient(Torrent torrent) {
    this.torrent = torrent;
    this.pieces = Math.toIntExact(Math.ceilDiv(torrent.getSize(), torrent.getChunkSize()));
  }

  public static void main(String[] arguments) throws Exception {
    var download = arguments[0].equals("get");
    var torrent = new MetadataService().fromByteArray(Files.readAllBytes(Path.of(arguments[1])));
    var runtime = runtime(arguments[3]);
    var client = new BtCoreClient(torrent);
    var events = runtime.getEventSource();
    events.onTorrentStarted(torrent.getTorrentId(), _ -> report("\"listening\""));
    if (download) {
      events.onPieceVerified(
          torrent.getTorrentId(), event -> client.verified(event.getPieceIndex()));
    }
    Bt.client(runtime)
        .storage(new FileSystemStorage(Path.of(arguments[2])))
        .torrent(() -> torrent)
        .build()
        .startAsync(
            _ -> {
              if (download) {
                client.progress();
              }
            },
            PROGRESS_MILLIS)
        .join();
  }

  private static BtRuntime runtime(String listen) throws Exception {
    int colon = listen.lastIndexOf(':');
    var address = InetAddress.getByName(listen.substring(0, colon));
    var config = new Config();
    config.setAcceptorAddress(address);
    config.setPeerAddress(address);
    config.setAcceptorPort(Integer.parseInt(listen.substring(colon + 1)));
    config.setMseDisabled(true); // else it dials with encryption only, which Corvid does not have
    config.setTrackerQueryInterval(ANNOUNCE);
    return BtRuntime.builder(config)
        .disablePeerExchange()
        .disableLocalServiceDiscovery()
        .module(
            binder -> ServiceModule.extend(binder).addTrackerFactory(BtCoreTrackers.class, "http"))
        .build();
  }

  private synchronized void verified(int piece) {
    if (verified.isEmpty()) {
      report("\"first-piece\"");
    }
    verified.set(piece);
    if (complete()) {
      report("\"complete\"");
    }
  }

  private synchronized void progress() {
    if (!complete()) {
      report(
          "\"progress\", \"verified\": %d"
              .formatted(verified.cardinality() * torrent.getChunkSize()));
    }
  }

  private boolean complete() {
    return verified.cardinality() == pieces;
  }

  private static void report(String event) {
    System.out.println("{\"event\": " + event + "}");
  }
}

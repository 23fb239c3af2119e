package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.announce.Announcer;
import dev.corvid.bittorrent.announce.TrackerClient;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.Torrent;
import dev.corvid.cli.process.Failure;
import dev.corvid.http.Clients;
import dev.corvid.net.Addresses;
import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One torrent in its swarm, known to its tracker, reporting to the user. */
final class Session implements AutoCloseable {
  private static final Duration TRACKER_CONNECT = Duration.ofSeconds(5);
  private static final Duration REDRAW = Duration.ofMillis(250);

  private final TorrentFile torrentFile;
  private final Report report;
  private final Swarm swarm;
  private final TrackerClient client;
  private final Optional<Announcer> announcer;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("progress").factory());
  private final CompletableFuture<Void> whole = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final Torrent torrent;

  /**
   * @throws Failure if the address cannot be listened on
   */
  Session(
      TorrentFile torrentFile,
      Storage storage,
      SwarmArguments arguments,
      TorrentOptions options,
      Report report)
      throws Failure {
    this.torrentFile = torrentFile;
    this.report = report;
    try {
      swarm =
          Swarm.open(
              SwarmOptions.listeningOn(arguments.listen)
                  .withLimits(arguments.downloadLimit, arguments.uploadLimit)
                  .onHost(arguments.host));
    } catch (IOException e) {
      var address = Addresses.text(arguments.listen);
      throw new Failure("cannot listen on " + address + ": " + ErrorMessage.of(e), e);
    }
    client =
        new TrackerClient(() -> Clients.builder(TRACKER_CONNECT), arguments.listen.getAddress());
    announcer = announcer();
    torrent =
        swarm.add(torrentFile.metainfo(), storage, withSeeder(options, arguments), new Listener());
    report.listening(listening(arguments), torrentFile.metainfo().infoHash());
    torrent.addNeighbours(arguments.peers);
    announcer.ifPresent(Announcer::start);
    repeatProgress(arguments);
  }

  /** Completes when every piece is verified. */
  CompletableFuture<Void> whole() {
    return whole;
  }

  /** Never completes but with the storage's failure. */
  CompletableFuture<Void> failed() {
    return failed;
  }

  /** Tells the tracker that this peer has become a seed. */
  void completed() {
    announcer.ifPresent(Announcer::completed);
  }

  TorrentStats stats() {
    return torrent.stats();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    announcer.ifPresent(Announcer::close);
    client.close();
    torrent.close();
    swarm.close();
    // Only now does nothing come or go any more.
    report.totals(torrent.stats());
  }

  /** The address as the user gave it: for 0.0.0.0 the kernel says ::, which is more. */
  private InetSocketAddress listening(SwarmArguments arguments) {
    return new InetSocketAddress(arguments.listen.getAddress(), swarm.address().getPort());
  }

  private static TorrentOptions withSeeder(TorrentOptions options, SwarmArguments arguments) {
    return arguments.seeder().map(options::withSeeder).orElse(options);
  }

  private Optional<Announcer> announcer() {
    for (var url : TrackerUrls.unusable(torrentFile.trackers())) {
      report.trouble(
          "tracker '%s' is not used: it is not an http or https URL"
              .formatted(Printable.name(url)));
    }
    var trackers = TrackerUrls.usable(torrentFile.trackers());
    if (trackers.isEmpty()) {
      return Optional.empty();
    }
    var random = RandomGenerator.getDefault();
    var identity =
        new Announcer.Identity(
            torrentFile.metainfo().infoHash(), swarm.peerId(), swarm.address().getPort());
    return Optional.of(
        new Announcer(
            client,
            trackers,
            identity,
            this::announcedProgress,
            new AnnounceListener(
                report, torrentFile.metainfo().isPrivate(), found -> torrent.addNeighbours(found)),
            random));
  }

  private Announcer.Progress announcedProgress() {
    var stats = torrent.stats();
    var left = torrentFile.metainfo().totalLength() - verifiedBytes(stats);
    return new Announcer.Progress(stats.uploaded(), stats.downloaded(), left);
  }

  private long verifiedBytes(TorrentStats stats) {
    var metainfo = torrentFile.metainfo();
    return stats.complete()
        ? metainfo.totalLength()
        : (long) stats.verifiedPieces() * metainfo.pieceLength();
  }

  private void repeatProgress(SwarmArguments arguments) {
    var interval = arguments.json ? arguments.progress : REDRAW;
    if (interval != null) {
      timer.scheduleAtFixedRate(
          this::progress, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void progress() {
    var stats = torrent.stats();
    report.progress(verifiedBytes(stats), stats);
  }

  /** What is more than a few instructions goes to another thread than the engine's. */
  private final class Listener implements TorrentListener {
    private boolean first = true;

    @Override
    public void pieceVerified(int piece) {
      if (first) {
        first = false;
        timer.execute(report::firstPiece);
      }
    }

    @Override
    public void completed() {
      whole.completeAsync(() -> null, timer);
    }

    @Override
    public void storageFailed(IOException cause) {
      failed.completeExceptionally(cause);
    }

    @Override
    public void needNeighbours() {
      announcer.ifPresent(Announcer::needNeighbours);
    }
  }
}

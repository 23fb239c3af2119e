package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.cli.process.Failure;
import dev.corvid.cli.process.Interruptible;
import dev.corvid.cli.process.Logs;
import dev.corvid.lifecycle.Termination;
import dev.corvid.store.FileDownload;
import dev.corvid.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Downloads a torrent into DIR, under the torrent's own name.",
      "After an interruption, run it again to resume."
    })
public final class GetCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TORRENT", description = "The .torrent file.")
  private Path torrentPath;

  @Parameters(index = "1", paramLabel = "DIR", description = "Created if it is missing.")
  private Path directory;

  @Option(
      names = "--seed-for",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "Keep seeding this long after completion, as in 30s or 10m.")
  private Duration seedFor;

  @Option(names = "--verify", description = "Read everything back from disk at the end.")
  private boolean verify;

  @Mixin private SwarmArguments swarm;
  @Mixin private WebSeeds webSeeds;

  private final Termination termination;

  public GetCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws Exception {
    Logs.quiet();
    var torrent = TorrentPathArgument.read(torrentPath);
    swarm.check(torrent);
    var servers = webSeeds.of(torrent);
    if (TrackerUrls.usable(torrent.trackers()).isEmpty()
        && swarm.peers.isEmpty()
        && swarm.seeder().isEmpty()
        && servers.isEmpty()) {
      throw new Failure(
          "the torrent names no tracker%s: name its peers with --peer"
              .formatted(torrent.trackers().isEmpty() ? "" : " by http or https"));
    }
    download(torrent, servers);
    return 0;
  }

  private void download(TorrentFile torrent, List<WebSeed> servers) throws Exception {
    var started = System.nanoTime();
    var metainfo = torrent.metainfo();
    var options = TorrentOptions.defaults().withWebSeeds(servers);
    try (var storage = Interruptible.call(termination, () -> open(metainfo));
        var report = swarm.report(metainfo.name(), metainfo.totalLength());
        var session = new Session(torrent, storage, swarm, options, report)) {
      await(session);
      storage.finish();
      if (verify) {
        Interruptible.call(termination, () -> Verification.of(metainfo, storage));
      }
      report.complete(
          directory.resolve(metainfo.name()),
          metainfo.totalLength(),
          Duration.ofNanos(System.nanoTime() - started));
      session.completed();
      seed();
    }
  }

  /** Reads back what is there, which may be much. */
  private FileDownload open(Metainfo metainfo) throws IOException {
    return FileDownload.open(metainfo, directory, StoreOptions.ofThisMachine());
  }

  private void await(Session session) throws Exception {
    try {
      CompletableFuture.anyOf(session.whole(), session.failed(), termination.requested()).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : e;
    }
    if (!session.whole().isDone()) {
      var stats = session.stats();
      throw new Failure(
          "stopped at %d of %d pieces; run the same command to resume"
              .formatted(stats.verifiedPieces(), stats.pieces()));
    }
  }

  private void seed() throws InterruptedException, ExecutionException {
    try {
      termination.requested().get(seedFor.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // served long enough
    }
  }
}

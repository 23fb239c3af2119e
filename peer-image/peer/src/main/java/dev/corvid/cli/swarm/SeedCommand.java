package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.cli.process.Interruptible;
import dev.corvid.cli.process.Logs;
import dev.corvid.lifecycle.Termination;
import dev.corvid.store.piece.SeedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "seed",
    mixinStandardHelpOptions = true,
    description = "Seeds the content of a torrent until it is terminated.")
public final class SeedCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TORRENT", description = "The .torrent file.")
  private Path torrentPath;

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "The directory or file that the torrent was made from.")
  private Path content;

  @Option(names = "--verify", description = "Compare the content with the torrent first.")
  private boolean verify;

  @Option(
      names = "--super-seed",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Offer each piece to one peer, which passes it on, until the peers together hold a copy"
              + " (BEP 16; default); otherwise offer everything to everyone. A foreign client"
              + " that is the only peer is always offered everything.")
  private boolean superSeed;

  @Mixin private SwarmArguments swarm;

  private final Termination termination;

  public SeedCommand(Termination termination) {
    this.termination = termination;
  }

  public boolean isSuperSeed() {
    return superSeed;
  }

  @Override
  public Integer call() throws Exception {
    Logs.quiet();
    var torrent = TorrentPathArgument.read(torrentPath);
    var metainfo = torrent.metainfo();
    swarm.check(torrent);
    try (var storage = SeedStorage.of(metainfo, content)) {
      if (verify) {
        Interruptible.call(termination, () -> Verification.of(metainfo, storage));
      }
      var options = TorrentOptions.defaults().withSuperSeed(superSeed);
      try (var report = swarm.report(metainfo.name(), metainfo.totalLength());
          var session = new Session(torrent, storage, swarm, options, report)) {
        CompletableFuture.anyOf(session.failed(), termination.requested()).get();
      }
      return 0;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : e;
    }
  }
}

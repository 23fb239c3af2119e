package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.metainfo.TorrentFile;
import dev.corvid.cli.process.Arguments;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code seed} and {@code get} have in common. */
final class SwarmArguments {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "ADDR:PORT",
      defaultValue = "0.0.0.0:0",
      description = "Where to accept peers; port 0 lets the kernel choose (default).")
  InetSocketAddress listen;

  @Option(
      names = "--peer",
      paramLabel = "ADDR:PORT",
      description =
          "A peer in addition to those of the tracker, or without a tracker; repeatable. Not for private torrents.")
  List<InetSocketAddress> peers = List.of();

  @Option(
      names = "--seeder",
      paramLabel = "ADDR:PORT",
      description = "A peer whose bytes are counted separately. Not for private torrents.")
  InetSocketAddress seeder;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "This machine's name, the same for a seeder and a peer on it: the peer leaves their shared link to the seeder until one copy is out.")
  String host;

  @Option(
      names = "--download-limit",
      paramLabel = "BYTES",
      defaultValue = "0",
      converter = Arguments.Size.class,
      description = "Bytes per second, as in 10M or 8Mi; 0 is unlimited (default).")
  long downloadLimit;

  @Option(
      names = "--upload-limit",
      paramLabel = "BYTES",
      defaultValue = "0",
      converter = Arguments.Size.class,
      description = "Bytes per second, as in 10M or 8Mi; 0 is unlimited (default).")
  long uploadLimit;

  @Option(
      names = "--json",
      description = "Write one event a line to standard output instead of a progress bar.")
  boolean json;

  @Option(
      names = "--progress",
      paramLabel = "DURATION",
      description = "With --json: write a progress event this often.")
  Duration progress;

  /** Refuses what contradicts the torrent, or itself. */
  void check(TorrentFile torrent) {
    if (progress != null && progress.isZero()) {
      throw new ParameterException(spec.commandLine(), "--progress must be longer than 0s");
    }
    if (torrent.metainfo().isPrivate() && (!peers.isEmpty() || seeder != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "the torrent is private: its peers come from its tracker alone, not from --peer");
    }
  }

  Optional<InetSocketAddress> seeder() {
    return Optional.ofNullable(seeder);
  }

  Report report(String what, long totalBytes) {
    return json ? new JsonReport(System.out) : ConsoleReport.on(System.err, what, totalBytes);
  }
}

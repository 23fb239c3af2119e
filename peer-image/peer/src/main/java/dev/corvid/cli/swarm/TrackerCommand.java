package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.cli.process.Failure;
import dev.corvid.cli.process.Logs;
import dev.corvid.lifecycle.Termination;
import dev.corvid.net.Addresses;
import dev.corvid.opentracker.AnnounceServer;
import dev.corvid.tracker.ClusterTrackerRole;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "tracker",
    mixinStandardHelpOptions = true,
    description = "Runs a tracker until it is terminated: announce and scrape, kept in memory.")
public final class TrackerCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "ADDR:PORT",
      defaultValue = "0.0.0.0:7070",
      description =
          "Where to accept peers; port 0 lets the kernel choose (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress listen;

  @Option(names = "--json", description = "Write one event a line to standard output.")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable Cluster cluster;

  /** What makes it the tracker pod of a cluster. */
  private static final class Cluster {
    @Option(
        names = "--cluster",
        required = true,
        description = "Run as the tracker of a cluster, as the operator starts it.")
    boolean on;

    @Option(
        names = "--trust",
        required = true,
        paramLabel = "FILE",
        description = "The trust file that the operator wrote.")
    Path trust;

    @Option(
        names = "--http",
        required = true,
        paramLabel = "ADDR:PORT",
        description = "Where to answer probes and metrics.")
    InetSocketAddress http;
  }

  private final Termination termination;

  public TrackerCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws Exception {
    if (cluster != null) {
      ClusterTrackerRole.run(listen, cluster.trust, cluster.http, termination);
    } else {
      announce();
    }
    return 0;
  }

  private void announce() throws Exception {
    Logs.quiet();
    try (var server = AnnounceServer.open(listen)) {
      if (json) {
        new JsonReport(System.out).listening(server.address());
      } else {
        System.err.println(
            "tracker: announce to http://%s/announce".formatted(Addresses.text(server.address())));
      }
      termination.requested().get();
    } catch (IOException e) {
      throw new Failure(
          "cannot listen on " + Addresses.text(listen) + ": " + ErrorMessage.of(e), e);
    }
  }
}

package dev.corvid.node;

import dev.corvid.lifecycle.Termination;
import dev.corvid.telemetry.JsonLogs;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.text.ByteSize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code corvid-peer peer}: the pod of the DaemonSet. */
@Command(
    name = "peer",
    description = "The agent of a node in a cluster: downloads, verifies, activates, seeds.",
    mixinStandardHelpOptions = true)
public final class PeerCommand implements Callable<Integer> {
  @Option(names = "--node", required = true, description = "Name of this node")
  private String node;

  @Option(names = "--address", required = true, description = "IP address of this pod")
  private String address;

  @Option(names = "--listen", required = true, description = "BitTorrent, ADDRESS:PORT")
  private String listen;

  @Option(names = "--tracker", required = true, description = "Base URL of the tracker")
  private URI tracker;

  @Option(names = "--token", required = true, description = "File with the service-account token")
  private Path token;

  @Option(names = "--trust", required = true, description = "The trust file")
  private Path trust;

  @Option(names = "--roots", required = true, description = "File with the list of roots")
  private Path roots;

  @Option(
      names = "--roots-directory",
      defaultValue = "/roots",
      description = "Each root is mounted below it by its name (default: ${DEFAULT-VALUE})")
  private Path rootsDirectory;

  @Option(names = "--http", required = true, description = "Probes and metrics, ADDRESS:PORT")
  private String http;

  @Option(
      names = "--download-limit",
      defaultValue = "0",
      description = "Bytes per second, as 400Mi; 0 for no limit")
  private String downloadLimit;

  @Option(
      names = "--upload-limit",
      defaultValue = "0",
      description = "Bytes per second, as 200Mi; 0 for no limit")
  private String uploadLimit;

  @Option(names = "--metrics-per-release", description = "Metrics for each release")
  private boolean perRelease;

  private final Termination termination;

  public PeerCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonLogs.install();
    try (Peer peer = Peer.open(options(), Clock.systemUTC())) {
      termination.await();
    }
    return 0;
  }

  private PeerOptions options() {
    return new PeerOptions(
        node,
        address,
        Endpoint.parse(listen),
        tracker,
        token,
        trust,
        roots,
        rootsDirectory,
        Endpoint.parse(http),
        ByteSize.parse(downloadLimit),
        ByteSize.parse(uploadLimit),
        perRelease);
  }
}

package dev.corvid.tracker;

import dev.corvid.http.CloseReason;
import dev.corvid.http.ConnectionLimits;
import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** A real tracker on loopback, and the calls to it. */
final class TestTracker extends TrackerCalls {
  private final MeterRegistry meters;
  private final ClusterTracker tracker;

  TestTracker(Path directory, Duration window) throws IOException {
    this(directory, window, TrackerLimits.within(Runtime.getRuntime().maxMemory()));
  }

  TestTracker(Path directory, Duration window, ConnectionLimits limits) throws IOException {
    this(new TestCluster(directory), new SimpleMeterRegistry(), window, limits);
  }

  TestTracker(Path directory, MeterRegistry meters) throws IOException {
    this(
        new TestCluster(directory),
        meters,
        Duration.ofSeconds(20),
        TrackerLimits.within(Runtime.getRuntime().maxMemory()));
  }

  private TestTracker(
      TestCluster cluster, MeterRegistry meters, Duration window, ConnectionLimits limits)
      throws IOException {
    this(cluster, meters, open(cluster, meters, window, limits));
  }

  private TestTracker(TestCluster cluster, MeterRegistry meters, ClusterTracker tracker) {
    super(cluster, tracker.address());
    this.meters = meters;
    this.tracker = tracker;
  }

  private static ClusterTracker open(
      TestCluster cluster, MeterRegistry meters, Duration window, ConnectionLimits limits)
      throws IOException {
    return ClusterTracker.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new TrustFile(cluster.trustFile()),
        meters,
        window,
        limits);
  }

  InetSocketAddress address() {
    return tracker.address();
  }

  double closed(CloseReason kind) {
    return meters
        .get("corvid.http.connections.refused")
        .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
        .functionCounter()
        .count();
  }

  double refused(RejectionKind kind) {
    return meters
        .get("corvid.tracker.refused")
        .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
        .counter()
        .count();
  }

  double waiting() {
    return meters.get("corvid.tracker.waiting").gauge().value();
  }

  @Override
  public void close() {
    tracker.close();
    super.close();
  }
}

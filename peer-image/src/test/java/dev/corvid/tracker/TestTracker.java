package dev.corvid.tracker;

import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** A real tracker on loopback, and the calls to it. */
final class TestTracker extends TrackerCalls {
  private final SimpleMeterRegistry meters;
  private final ClusterTracker tracker;

  TestTracker(Path directory, Duration window) throws IOException {
    this(new TestCluster(directory), new SimpleMeterRegistry(), window);
  }

  private TestTracker(TestCluster cluster, SimpleMeterRegistry meters, Duration window)
      throws IOException {
    this(cluster, meters, open(cluster, meters, window));
  }

  private TestTracker(TestCluster cluster, SimpleMeterRegistry meters, ClusterTracker tracker) {
    super(cluster, tracker.address());
    this.meters = meters;
    this.tracker = tracker;
  }

  private static ClusterTracker open(
      TestCluster cluster, SimpleMeterRegistry meters, Duration window) throws IOException {
    return ClusterTracker.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new TrustFile(cluster.trustFile()),
        meters,
        window,
        TrackerLimits.within(Runtime.getRuntime().maxMemory()));
  }

  double refused(Refusal kind) {
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

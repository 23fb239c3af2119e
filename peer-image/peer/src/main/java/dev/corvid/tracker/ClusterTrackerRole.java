package dev.corvid.tracker;

import dev.corvid.lifecycle.Termination;
import dev.corvid.net.Addresses;
import dev.corvid.telemetry.Health;
import dev.corvid.telemetry.JsonLogs;
import dev.corvid.telemetry.Telemetry;
import dev.corvid.trust.TrustFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** The tracker pod: opens a {@link ClusterTracker} with its probes, and runs until it is ended. */
public final class ClusterTrackerRole {
  private static final Logger log = Logger.getLogger(ClusterTrackerRole.class.getName());

  private ClusterTrackerRole() {}

  /**
   * Runs until the process is terminated.
   *
   * @param listen where peers, seeders and the operator come
   * @param trust the mounted trust file
   * @param http for probes and metrics
   * @param termination of the process
   */
  public static void run(
      InetSocketAddress listen, Path trust, InetSocketAddress http, Termination termination)
      throws IOException, InterruptedException {
    JsonLogs.install();
    var notReady =
        new AtomicReference<Supplier<Optional<String>>>(() -> Optional.of("the tracker starts"));
    try (Telemetry telemetry = Telemetry.open(http, Health.ready(() -> notReady.get().get()));
        ClusterTracker tracker =
            ClusterTracker.open(listen, new TrustFile(trust), telemetry.meters())) {
      notReady.set(tracker::notReady);
      log.info("tracker listens on " + Addresses.text(tracker.address()));
      termination.await();
    }
  }
}

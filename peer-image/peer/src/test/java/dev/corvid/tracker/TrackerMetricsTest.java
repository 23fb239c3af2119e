package dev.corvid.tracker;

import dev.corvid.reference.Scraped;
import dev.corvid.telemetry.Health;
import dev.corvid.telemetry.Telemetry;
import dev.corvid.wire.operator.Push;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker's endpoint answers. */
class TrackerMetricsTest {
  @TempDir Path directory;

  @Test
  void everyFamilyIsDocumented() throws Exception {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var telemetry = Telemetry.open(listen, Health.always());
        var tracker = new TestTracker(directory, telemetry.meters())) {
      tracker.push(new Push(tracker.instance(), 0, false, List.of(), List.of(), null));

      Scraped.of(telemetry.address()).isWellNamed().isDocumentedAs("Tracker");
    }
  }
}

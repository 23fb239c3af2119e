package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.testing.TestTracker;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sixty megabytes of grants reach a tracker that takes sixteen at once. */
class WholePushIT {
  private static final int RELEASES = 1_000;
  private static final int NODES = 1_000;

  @TempDir Path directory;

  @Test
  void aWholePushIsSplit() throws Exception {
    var outbox = new TrackerOutbox();
    for (int i = 0; i < RELEASES; i++) {
      outbox.put(release(i));
    }
    Path token = Files.writeString(directory.resolve("token"), "t");
    try (var tracker = new TestTracker();
        var link =
            new TrackerSync(
                new TrackerApiClient(tracker.url(), token),
                new FleetCache(Uptime::now),
                outbox,
                uids -> {},
                () -> {},
                Uptime::now,
                new Random(1))) {
      link.start(Set.of());
      await().atMost(Duration.ofMinutes(2)).until(tracker::isComplete);
      tracker.restart();
      await().atMost(Duration.ofMinutes(2)).until(tracker::isComplete);

      for (int i = 0; i < RELEASES; i++) {
        assertThat(tracker.release(uid(i))).contains(release(i));
      }
    }
  }

  private static Push.Release release(int number) {
    List<SignedGrant> grants = new ArrayList<>();
    String digest = "%064x".formatted(number);
    for (int from = 0; from < NODES; from += Grant.MAX_NODES) {
      var grant =
          new Grant(
              uid(number),
              new ReleaseName("search", "ranking-" + number),
              null,
              "default",
              1,
              0,
              1,
              Grant.Action.ACTIVATE,
              new Content("sha256:" + digest, digest.substring(24), 1 << 18, 1, 1),
              digest.substring(24),
              List.of(),
              DeletionPolicy.DELETE,
              IntStream.range(from, Math.min(NODES, from + Grant.MAX_NODES))
                  .mapToObj("gke-production-europe-west4-%011d-abc"::formatted)
                  .toList());
      String payload = new String(Wire.encode(grant), StandardCharsets.UTF_8);
      grants.add(new SignedGrant(payload, "key", "s".repeat(88)));
    }
    return new Push.Release(uid(number), grants, null);
  }

  private static String uid(int number) {
    return "%08d-0000-0000-0000-000000000000".formatted(number);
  }
}

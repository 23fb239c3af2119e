package dev.corvid.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.operator.Push;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What seeders and peers say of themselves moves nobody else's neighbours. */
class HostileReportsTest {
  private static final String VICTIM = "victim-release";
  private static final String THIEF = "thief-release";
  private static final List<String> ELSEWHERE =
      List.of("169.254.169.254", "127.0.0.2", "224.0.0.1", "0.0.0.0", "10.0.0.7");

  @TempDir Path directory;
  private TestTracker tracker;
  private String instance;

  @BeforeEach
  void open() throws Exception {
    tracker = new TestTracker(directory, Duration.ofSeconds(20));
    instance = tracker.instance();
  }

  @AfterEach
  void close() {
    tracker.close();
  }

  @Test
  void theTrackerBelievesNoPublication() throws Exception {
    SignedGrant grant =
        tracker.cluster.sign(Samples.grant(VICTIM, 1, Samples.content(0), "node-1", "node-2"));
    var thief = new Push.Seeder("thief-pod", "10.0.0.66", null, null);
    tracker.push(
        Samples.push(
            instance,
            new Push.Release(VICTIM, List.of(grant), null),
            new Push.Release(THIEF, List.of(), thief)));
    tracker.poll("node-1", Samples.poll()).join();
    tracker.poll("node-2", Samples.poll()).join();
    assertThat(neighbours(tracker.cluster.seederToken("thief-pod")).statusCode()).isEqualTo(403);
    String forged =
        new String(Wire.encode(Samples.seeding(0)), UTF_8)
            .replace(Samples.UID, THIEF)
            .replaceAll("\"hmac\":\"[0-9a-f]*\"", "\"hmac\":\"00\"")
            .replaceFirst("\\{", "{\"address\":\"169.254.169.254\",");

    HttpResponse<byte[]> answer =
        tracker.send(
            "/v1/seeders/" + THIEF + "/report",
            tracker.cluster.seederToken("thief-pod"),
            forged.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(neighbours(tracker.cluster.seederToken("thief-pod")).statusCode()).isEqualTo(403);
    var seen =
        TestTracker.decode(neighbours(tracker.cluster.peerToken("node-1")), Neighbours.class);
    assertThat(seen.seeder()).isNull();
    assertThat(seen.addresses()).containsExactly("127.0.0.1:6881");
  }

  @Test
  void addressesAreTheConnections() throws Exception {
    SignedGrant grant =
        tracker.cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1", "node-2"));
    Push.Release release =
        new Push.Release(Samples.UID, List.of(grant), Samples.seeder("10.0.0.66", 0));
    tracker.push(Samples.push(instance, release));
    for (String address : ELSEWHERE) {
      String poll =
          "{\"session\":\"s\",\"sequence\":0,\"address\":\"%s\",\"port\":6881,\"full\":true}"
              .formatted(address);
      String report =
          new String(Wire.encode(Samples.seeding(0)), UTF_8)
              .replaceFirst("\\{", "{\"address\":\"" + address + "\",");
      tracker.send(
          "/v1/nodes/node-1/poll", tracker.cluster.peerToken("node-1"), poll.getBytes(UTF_8));
      tracker.send(
          "/v1/seeders/" + Samples.UID + "/report",
          tracker.cluster.seederToken(Samples.POD),
          report.getBytes(UTF_8));

      NodeAssignments.Entry entry =
          tracker.poll("node-2", Samples.poll()).join().releases().getFirst();

      assertThat(entry.seeder()).as(address).isEqualTo("10.0.0.66:6881");
      assertThat(entry.neighbours())
          .as(address)
          .containsExactlyInAnyOrder("10.0.0.66:6881", "127.0.0.1:6881");
    }
  }

  private HttpResponse<byte[]> neighbours(String token) throws Exception {
    return tracker.get("/v1/neighbours/" + Samples.swarm(Samples.content(0)), token);
  }
}

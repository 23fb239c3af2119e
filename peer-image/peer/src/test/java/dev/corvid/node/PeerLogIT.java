package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of a real peer: what became of a release on its node, and nothing but JSON. */
class PeerLogIT {
  private final SampleRelease first = new SampleRelease(1, 4, 100_000);
  private final SampleRelease second = new SampleRelease(2, 4, 100_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private PeerProcess peer;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.recheckInterval = "1s";
    peer = new PeerProcess(cluster.options("node-1"));
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    cluster.close();
  }

  @Test
  void tellsWhatItPlacesSwitchesMendsAndRemoves() throws Exception {
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, first, "node-1"));
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.operator.want(UID, cluster.grant(2, Action.ACTIVATE, second, "node-1"));
    cluster.seed(UID, second, 0);
    cluster.await("node-1", UID, report -> second.content.manifestDigest().equals(report.active()));
    flipABit();
    awaitEvent("DamageMended");
    cluster.operator.want(UID, cluster.grant(3, Action.REMOVE, null, "node-1"));
    cluster.await("node-1", State.REMOVED);
    awaitEvent("ReleaseRemoved");

    for (String line : peer.lines()) {
      JsonNode json = new JsonMapper().readTree(line);
      for (String key : List.of("time", "level", "logger", "message")) {
        assertThat(json.path(key).asText()).as("%s in %s", key, line).isNotEmpty();
      }
    }
    String one = first.content.revision();
    String two = second.content.revision();
    assertThat(events())
        .extracting(JsonLine::text)
        .containsSubsequence(
            "DownloadBegan 0.1 revision=" + one,
            "Placed 0.1 revision=" + one,
            "Switched 0.1 to=" + one,
            "DownloadBegan 0.2 revision=" + two,
            "Placed 0.2 revision=" + two,
            "Switched 0.2 from=" + one + " to=" + two,
            "DamageFound 0.2 revision=" + two,
            "DamageMended 0.2 revision=" + two,
            "ReleaseRemoved 0.3 reason=RemovalGranted");
    assertThat(events())
        .extracting(JsonLine::text)
        .contains("RevisionRemoved 0.2 revision=" + one + " reason=OtherRevision");
    assertThat(events())
        .allSatisfy(
            event -> {
              assertThat(event.json().path("release").asText()).isEqualTo("search/ranking");
              assertThat(event.json().path("uid").asText()).isEqualTo(UID);
              assertThat(event.json().path("root").asText()).isEqualTo("models");
              assertThat(event.json().path("node").asText()).isEqualTo("node-1");
            });
  }

  /** One event, as far as it does not depend on the time. */
  private record JsonLine(JsonNode json) {
    String text() {
      var text = new StringBuilder(json.path("event").asText());
      text.append(' ').append(json.path("grant").asText());
      for (String key : List.of("revision", "from", "to", "reason")) {
        if (json.has(key)) {
          text.append(' ').append(key).append('=').append(json.path(key).asText());
        }
      }
      return text.toString();
    }
  }

  private List<JsonLine> events() throws Exception {
    var mapper = new JsonMapper();
    var events = new ArrayList<JsonLine>();
    for (String line : peer.lines()) {
      JsonNode json = mapper.readTree(line);
      if (json.has("event")) {
        events.add(new JsonLine(json));
      }
    }
    return events;
  }

  private void awaitEvent(String event) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> events().stream().anyMatch(e -> e.text().startsWith(event + " ")));
  }

  private void flipABit() throws Exception {
    Path file = cluster.release("node-1").resolve("current/data/file-0001");
    var stamp = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[40_000] ^= 1;
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, stamp);
  }
}

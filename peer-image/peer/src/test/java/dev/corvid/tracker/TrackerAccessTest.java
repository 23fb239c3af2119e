package dev.corvid.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import dev.corvid.wire.operator.Push;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whom a tracker listens to, over real HTTP. Whatever is refused is counted and changes nothing.
 */
class TrackerAccessTest {
  @TempDir Path directory;
  private TestTracker tracker;
  private TestCluster cluster;
  private String instance;

  @BeforeEach
  void open() throws Exception {
    tracker = new TestTracker(directory, Duration.ofSeconds(20));
    cluster = tracker.cluster;
    instance = tracker.instance();
    tracker.push(Samples.push(instance, cluster, 0, "node-1", "node-2"));
    tracker.poll("node-1", Samples.poll()).join();
  }

  @AfterEach
  void nothingChanged() {
    assertThat(tracker.fleet(null, 0).join().releases()).isEmpty();
    tracker.close();
  }

  @Test
  void refusesAMessageWithoutAToken() {
    refused(report("node-1", null, reports()), 401, RejectionKind.TOKEN_MISSING);
  }

  @Test
  void refusesAnExpiredToken() {
    String token =
        cluster.token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(3600))));
    refused(report("node-1", token, reports()), 401, RejectionKind.TOKEN_TIME);
  }

  @Test
  void refusesATokenForAnotherAudience() {
    String token = cluster.token(claims -> claims.audience("vault"));
    refused(report("node-1", token, reports()), 401, RejectionKind.TOKEN_AUDIENCE);
  }

  @Test
  void refusesAPodThatIsNoPeer() {
    String token = cluster.token(claims -> claims.subject("system:serviceaccount:search:default"));
    refused(report("node-1", token, reports()), 403, RejectionKind.SUBJECT);
  }

  @Test
  void refusesAPeerThatSpeaksForAnotherNode() {
    refused(report("node-1", cluster.peerToken("node-2"), reports()), 403, RejectionKind.NODE);
    String path = "/v1/nodes/node-1/poll";
    refused(
        tracker.send(path, cluster.peerToken("node-2"), Samples.poll()), 403, RejectionKind.NODE);
  }

  @Test
  void refusesAPeerWhoseTokenNamesNoNode() {
    String token = cluster.token(claims -> claims.subject(TestCluster.PEER));
    refused(report("node-1", token, reports()), 403, RejectionKind.NODE);
  }

  @Test
  void refusesPushesAndFleetPollsOfAnybodyButTheOperator() {
    Push push = Samples.push(instance, cluster, 5, "node-1");
    refused(
        tracker.send("/v1/push", cluster.peerToken("node-1"), push), 403, RejectionKind.SUBJECT);
    byte[] poll = "{\"sequence\":0}".getBytes(StandardCharsets.UTF_8);
    refused(
        tracker.send("/v1/fleet", cluster.peerToken("node-1"), poll), 403, RejectionKind.SUBJECT);
  }

  @Test
  void refusesASeederThatTheOperatorDidNotName() {
    HttpResponse<byte[]> response =
        tracker.send(
            "/v1/seeders/" + Samples.UID + "/report",
            cluster.seederToken("another-pod"),
            Samples.seeding(0));
    refused(response, 403, RejectionKind.SEEDER);
  }

  @Test
  void refusesASeederOfAReleaseThatHasNone() {
    HttpResponse<byte[]> response =
        tracker.send(
            "/v1/seeders/unknown/report", cluster.seederToken(Samples.POD), Samples.seeding(0));
    refused(response, 403, RejectionKind.SEEDER);
  }

  @Test
  void refusesToNameTheSwarmOfAContentThatWasNotGranted() throws Exception {
    String other = "/v1/neighbours/" + Samples.swarm(Samples.content(9));
    refused(tracker.get(other, cluster.peerToken("node-1")), 403, RejectionKind.CONTENT);
    String own = "/v1/neighbours/" + Samples.swarm(Samples.content(0));
    refused(tracker.get(own, cluster.peerToken("node-3")), 403, RejectionKind.CONTENT);
    refused(tracker.get(own, cluster.seederToken("another-pod")), 403, RejectionKind.SEEDER);
    refused(tracker.get(other, cluster.seederToken(Samples.POD)), 403, RejectionKind.SEEDER);
  }

  @Test
  void refusesWhatIsNoMessage() {
    for (String body : List.of("", "{", "[]", "null", "{\"instance\":{}}", "{\"reports\":[{}]}")) {
      HttpResponse<byte[]> response =
          tracker.send(
              "/v1/nodes/node-1/reports",
              cluster.peerToken("node-1"),
              body.getBytes(StandardCharsets.UTF_8));
      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(new String(response.body())).contains("\"message\":");
    }
    assertThat(tracker.refused(RejectionKind.MALFORMED)).isEqualTo(6);
  }

  @Test
  void refusesAPushWithAGrantOfAnotherReleaseOrTwoForOneNode() {
    var foreign = cluster.sign(Samples.grant("other", 1, Samples.content(1), "node-1"));
    refused(
        tracker.push(Samples.push(instance, Samples.UID, null, foreign)),
        400,
        RejectionKind.MALFORMED);
    var first = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(1), "node-1"));
    var second = cluster.sign(Samples.grant(Samples.UID, 2, Samples.content(2), "node-1"));
    assertThat(tracker.push(Samples.push(instance, Samples.UID, null, first, second)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesAMessageThatIsTooLarge() {
    byte[] large = new byte[TrackerApi.MAX_SMALL + 1];
    String path = "/v1/seeders/" + Samples.UID + "/report";
    refused(
        tracker.send(path, cluster.seederToken(Samples.POD), large), 413, RejectionKind.TOO_LARGE);
  }

  @Test
  void refusesReportsOfAnotherSession() {
    refused(
        report(
            "node-1",
            cluster.peerToken("node-1"),
            new NodeReports(new SessionSequence("another", 2), List.of())),
        409,
        RejectionKind.TURN);
  }

  private HttpResponse<byte[]> report(String node, String token, NodeReports reports) {
    return tracker.send("/v1/nodes/" + node + "/reports", token, reports);
  }

  private NodeReports reports() {
    return Samples.reports(2, Samples.report(NodeReport.State.ACTIVE, 5));
  }

  private void refused(HttpResponse<byte[]> response, int status, RejectionKind kind) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(new String(response.body())).contains("\"message\":");
    assertThat(response.headers().firstValue(Wire.INSTANCE_HEADER)).contains(instance);
    assertThat(tracker.refused(kind)).isGreaterThanOrEqualTo(1);
  }
}

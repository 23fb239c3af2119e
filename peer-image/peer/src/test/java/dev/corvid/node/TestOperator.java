package dev.corvid.node;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says to a tracker what an operator and a seeder say, and remembers what the fleet answers. */
final class TestOperator implements AutoCloseable {
  static final String POD = "seeder-pod";

  private final TestCluster cluster;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Push.Release> releases = new LinkedHashMap<>();
  private final Map<String, NodeReport> reports = new LinkedHashMap<>();
  private final URI tracker;
  private final Map<String, Push.Node> zones = new LinkedHashMap<>();
  private long pushes;
  private String instance;
  private long sequence;

  TestOperator(TestCluster cluster, URI tracker) {
    this.cluster = cluster;
    this.tracker = tracker;
  }

  /** Wants this of the nodes, and tells the tracker. */
  void want(String uid, SignedGrant... grants) throws IOException, InterruptedException {
    releases.put(uid, new Push.Release(uid, List.of(grants), seeder(grants)));
    push();
  }

  /** Wants one thing of each release, and tells the tracker at once. */
  void want(Map<String, SignedGrant> grants) throws IOException, InterruptedException {
    grants.forEach((uid, grant) -> releases.put(uid, new Push.Release(uid, List.of(grant), null)));
    push();
  }

  /** The seeder is accepted with whatever content is granted. */
  private static Push.Seeder seeder(SignedGrant... grants) throws IOException {
    var seeder = new Push.Seeder(POD, "127.0.0.1", null, null);
    for (SignedGrant signed : grants) {
      Grant grant = signed.unverified();
      if (grant.content() != null) {
        seeder = new Push.Seeder(POD, "127.0.0.1", grant.content().infoHash(), grant.swarm());
      }
    }
    return seeder;
  }

  /** Says with the next push where a node is. */
  void place(String node, String zone) {
    zones.put(node, new Push.Node(zone, "127.0.0.1"));
  }

  void forget(String uid) throws IOException, InterruptedException {
    releases.remove(uid);
    push(new Push(instance, pushes, true, List.of(), List.of(uid), zones));
  }

  /** Tells the tracker that runs everything. */
  void push() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = null;
    for (int attempt = 0; attempt < 2; attempt++) {
      response =
          push(new Push(instance, pushes, true, List.copyOf(releases.values()), List.of(), zones));
    }
    if (response.statusCode() != 200) {
      throw new IOException("push: " + response.statusCode() + " " + new String(response.body()));
    }
  }

  private HttpResponse<byte[]> push(Push push) throws IOException, InterruptedException {
    var response = send("/v1/push", cluster.operatorToken(), push);
    if (response.statusCode() == 200 || response.statusCode() == 409) {
      var pushed = Wire.decode(response.body(), Pushed.class);
      instance = pushed.instance();
      pushes = pushed.pushes();
    }
    return response;
  }

  /** Says as the seeder's pod where it serves. */
  void seederServes(String uid, SampleRelease release, InetSocketAddress address)
      throws IOException, InterruptedException {
    var publication =
        Publication.prove(
            uid, "source-1", "sha256:" + "0".repeat(64), release.content, 1, new byte[32]);
    var report =
        new SeederReport(
            SeederReport.State.SEEDING, address.getPort(), 1, 1, publication, 0, null, null);
    HttpResponse<byte[]> response =
        send("/v1/seeders/" + uid + "/report", cluster.seederToken(POD), report);
    if (response.statusCode() != 204) {
      throw new IOException("seeder: " + response.statusCode());
    }
  }

  /** Waits for the next news of the fleet; then what a node last said of a release. */
  Optional<NodeReport> hear(String node, String uid) {
    try {
      HttpResponse<byte[]> response =
          send("/v1/fleet", cluster.operatorToken(), new FleetPoll(instance, sequence, 0));
      Fleet fleet = Wire.decode(response.body(), Fleet.class);
      if (fleet.full()) {
        reports.clear();
      }
      sequence = fleet.sequence();
      for (Fleet.Release release : fleet.releases()) {
        release.nodes().forEach(s -> reports.put(s.node() + release.releaseUid(), s.report()));
      }
      return last(node, uid);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a node last said of a release, as far as it was heard. */
  Optional<NodeReport> last(String node, String uid) {
    return Optional.ofNullable(reports.get(node + uid));
  }

  private HttpResponse<byte[]> send(String path, String token, Object message)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(tracker.resolve(path))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Wire.encode(message)))
            .build(),
        BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

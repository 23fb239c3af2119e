package dev.corvid.tracker;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** The calls that peers, seeders and the operator make to a tracker. */
class TrackerCalls implements AutoCloseable {
  final TestCluster cluster;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private long pushes;

  TrackerCalls(TestCluster cluster, InetSocketAddress tracker) {
    this.cluster = cluster;
    this.base = "http://127.0.0.1:" + tracker.getPort();
  }

  CompletableFuture<HttpResponse<byte[]>> post(String path, String token, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.sendAsync(request.build(), BodyHandlers.ofByteArray());
  }

  /** What the operator would send compressed. */
  HttpResponse<byte[]> compressed(String path, byte[] body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Authorization", "Bearer " + cluster.operatorToken())
            .header("Content-Encoding", Deflate.NAME)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> send(String path, String token, Object message) {
    byte[] body = message instanceof byte[] raw ? raw : Wire.encode(message);
    return post(path, token, body).join();
  }

  HttpResponse<byte[]> get(String path, String token) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofByteArray());
  }

  /** The instance, as an operator learns it: by a push that is meant for none. */
  String instance() {
    return send("/v1/push", cluster.operatorToken(), new Push(null, 0, false, null, null, null))
        .headers()
        .firstValue(Wire.INSTANCE_HEADER)
        .orElseThrow();
  }

  /** Pushes after all that were taken. */
  HttpResponse<byte[]> push(Push push) {
    return push(push, pushes);
  }

  HttpResponse<byte[]> push(Push push, long after) {
    var numbered =
        new Push(
            push.instance(),
            after,
            push.complete(),
            push.releases(),
            push.forgotten(),
            push.nodes());
    var response = send("/v1/push", cluster.operatorToken(), numbered);
    pushes += response.statusCode() == 200 ? 1 : 0;
    return response;
  }

  CompletableFuture<NodeAssignments> poll(String node, NodePoll poll) {
    return post("/v1/nodes/" + node + "/poll", cluster.peerToken(node), Wire.encode(poll))
        .thenApply(response -> decode(response, NodeAssignments.class));
  }

  HttpResponse<byte[]> reports(String node, NodeReports reports) {
    return send("/v1/nodes/" + node + "/reports", cluster.peerToken(node), reports);
  }

  CompletableFuture<Fleet> fleet(String instance, long sequence) {
    byte[] poll = Wire.encode(new FleetPoll(instance, sequence, 0));
    return post("/v1/fleet", cluster.operatorToken(), poll)
        .thenApply(response -> decode(response, Fleet.class));
  }

  static <T> T decode(HttpResponse<byte[]> response, Class<T> type) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + new String(response.body()));
    }
    try {
      return Wire.decode(response.body(), type);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

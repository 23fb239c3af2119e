package dev.corvid.node.tracker;

import dev.corvid.http.Clients;
import dev.corvid.node.check.ClockCheck;
import dev.corvid.trust.TokenFile;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The calls of a peer to its tracker. Thread-safe. */
public final class NodeTrackerClient implements NodeTracker, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** The tracker answers a poll after 30 s at the latest. */
  private static final Duration LONG_POLL = Duration.ofSeconds(45);

  /** A slice comes in parts of half of that at most: a peer's heap is small. */
  private static final int MAX_ANSWER = 4 << 20;

  private final URI base;
  private final String node;
  private final TokenFile token;
  private final ClockCheck clocks;
  private final HttpClient http;

  public NodeTrackerClient(URI base, String node, TokenFile token, ClockCheck clocks) {
    this.base = base;
    this.node = node;
    this.token = token;
    this.clocks = clocks;
    this.http =
        Clients.builder(CONNECT, base)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  @Override
  public PendingPoll poll(NodePoll poll) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        send(post("/v1/nodes/" + node + "/poll", poll));
    return new PendingPoll() {
      @Override
      public NodeAssignments await() throws IOException, InterruptedException {
        return Wire.decode(body(answer, LONG_POLL), NodeAssignments.class);
      }

      @Override
      public void giveUp() {
        answer.cancel(true);
      }
    };
  }

  @Override
  public void report(NodeReports reports) throws IOException, InterruptedException {
    body(send(post("/v1/nodes/" + node + "/reports", reports)), ANSWER);
  }

  public Neighbours neighbours(String swarm) throws IOException, InterruptedException {
    HttpRequest request = request("/v1/neighbours/" + swarm).GET().build();
    return Wire.decode(body(send(request), ANSWER), Neighbours.class);
  }

  @Override
  public boolean clockTurned() {
    return clocks.turned();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
  }

  private HttpRequest post(String path, Object message) throws IOException {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    byte[] body = Wire.encode(message);
    if (body.length >= Deflate.WORTHWHILE) {
      body = Deflate.compress(body);
      request.header("Content-Encoding", Deflate.NAME);
    }
    return request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("Authorization", token.bearer())
        .header("Accept-Encoding", Deflate.NAME);
  }

  private byte[] body(CompletableFuture<HttpResponse<byte[]>> asked, Duration limit)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = await(asked, limit);
    clocks.answered(response.headers());
    byte[] body = response.body();
    if (response
        .headers()
        .firstValue("Content-Encoding")
        .filter(Deflate.NAME::equals)
        .isPresent()) {
      body = Deflate.expand(body, MAX_ANSWER + 1);
      if (body.length > MAX_ANSWER) {
        throw new IOException("the tracker's answer has more than " + MAX_ANSWER + " bytes");
      }
    }
    if (response.statusCode() == 409) {
      throw new StaleSessionException();
    }
    if (response.statusCode() / 100 != 2) {
      String said = new String(body, 0, Math.min(body.length, 512), StandardCharsets.UTF_8);
      throw new IOException(
          "the tracker answered "
              + response.uri()
              + " with "
              + response.statusCode()
              + ": "
              + said);
    }
    return body;
  }

  /** The limit is for all of the answer: a request's own time-out ends with the headers. */
  private static <T> T await(CompletableFuture<T> answer, Duration limit)
      throws IOException, InterruptedException {
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the tracker did not answer within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (answer.isCancelled() || e.getCause() instanceof CancellationException) {
        throw new CancellationException("given up");
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }
}

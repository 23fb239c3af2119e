package dev.corvid.node;

import dev.corvid.trust.TokenFile;
import dev.corvid.wire.Neighbours;
import dev.corvid.wire.NodePoll;
import dev.corvid.wire.NodeReports;
import dev.corvid.wire.Slice;
import dev.corvid.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.Executors;

/** The calls of a peer to its tracker. Thread-safe. */
final class TrackerClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** The tracker answers a poll after 30 s at the latest. */
  private static final Duration LONG_POLL = Duration.ofSeconds(45);

  private static final int MAX_ANSWER = 32 << 20;

  private final URI base;
  private final String node;
  private final TokenFile token;
  private final ClockCheck clocks;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  TrackerClient(URI base, String node, TokenFile token, ClockCheck clocks) {
    this.base = base;
    this.node = node;
    this.token = token;
    this.clocks = clocks;
  }

  /** A poll under way; cancel it to give up. */
  CompletableFuture<HttpResponse<InputStream>> poll(NodePoll poll) throws IOException {
    return http.sendAsync(
        post("/v1/nodes/" + node + "/poll", poll, LONG_POLL), BodyHandlers.ofInputStream());
  }

  /** What a poll was answered with. */
  Slice slice(HttpResponse<InputStream> response) throws IOException {
    return Wire.decode(body(response), Slice.class);
  }

  void report(NodeReports reports) throws IOException, InterruptedException {
    body(send(post("/v1/nodes/" + node + "/reports", reports, ANSWER)));
  }

  Neighbours neighbours(String infoHash) throws IOException, InterruptedException {
    HttpRequest request = request("/v1/neighbours/" + infoHash, ANSWER).GET().build();
    return Wire.decode(body(send(request)), Neighbours.class);
  }

  ClockCheck clocks() {
    return clocks;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofInputStream());
  }

  private HttpRequest post(String path, Object message, Duration timeout) throws IOException {
    return request(path, timeout)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Wire.encode(message)))
        .build();
  }

  private HttpRequest.Builder request(String path, Duration timeout) throws IOException {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(timeout)
        .header("Authorization", token.bearer());
  }

  private byte[] body(HttpResponse<InputStream> response) throws IOException {
    clocks.answered(response.headers());
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(MAX_ANSWER + 1);
      if (body.length > MAX_ANSWER) {
        throw new IOException("the tracker's answer has more than " + MAX_ANSWER + " bytes");
      }
      if (response.statusCode() == 409) {
        throw new OtherInstanceException();
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
  }

  /** Waits for an answer, with the failure's own type. */
  static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (answer.isCancelled() || e.getCause() instanceof CancellationException) {
        throw new CancellationException("given up");
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}

package dev.corvid.operator.tracker;

import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * The tracker's HTTP API, as the operator uses it. The token file is read for each request, because
 * the kubelet renews it. Thread-safe.
 */
public final class TrackerApiClient implements AutoCloseable {
  /** Twice what {@link FleetCursor} asks for, since the tracker can only estimate. */
  static final int MAX_ANSWER = 8 << 20;

  private static final Duration LONG_POLL = Duration.ofSeconds(45);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Set<CompletableFuture<?>> awaited = ConcurrentHashMap.newKeySet();
  private final URI base;
  private final Path token;

  public TrackerApiClient(URI base, Path token) {
    this.base = base;
    this.token = token;
  }

  /**
   * Waits up to 30 s for something that changed after the poll's sequence.
   *
   * @throws AnswerTooLargeException when the answer has more than {@value #MAX_ANSWER} bytes
   */
  Fleet fleet(FleetPoll poll) throws IOException, InterruptedException {
    return decode(post("/v1/fleet", poll, LONG_POLL), Fleet.class);
  }

  /**
   * Whether the push was taken, and where the tracker is.
   *
   * @throws PushRefusedException when it is of no use to send the same again
   */
  Pushed push(Push push) throws IOException, InterruptedException {
    var answer = post("/v1/push", push, ANSWER);
    if (answer.statusCode() == 400 || answer.statusCode() == 413) {
      throw new PushRefusedException(answer.statusCode() + ": " + head(body(answer)));
    }
    return decode(answer, Pushed.class);
  }

  private HttpResponse<InputStream> post(String path, Object message, Duration timeout)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(timeout)
            .header("Authorization", "Bearer " + Files.readString(token).strip())
            .header("Accept-Encoding", Deflate.NAME)
            .header("Content-Type", "application/json");
    byte[] body = Wire.encode(message);
    if (body.length >= Deflate.WORTHWHILE) {
      body = Deflate.compress(body);
      request.header("Content-Encoding", Deflate.NAME);
    }
    request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
    var answer = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    awaited.add(answer);
    try {
      return answer.get();
    } catch (CancellationException e) {
      throw new IOException("the tracker is being replaced", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      awaited.remove(answer);
      answer.cancel(true);
    }
  }

  /** Ends the requests that wait for an answer, with an {@link IOException}. */
  void abandon() {
    awaited.forEach(answer -> answer.cancel(true));
  }

  private <T> T decode(HttpResponse<InputStream> response, Class<T> type) throws IOException {
    byte[] body = body(response);
    if (response.statusCode() == 200 || response.statusCode() == 409) {
      return Wire.decode(body, type);
    }
    throw new WireException(
        "the tracker answered %s with %d: %s"
            .formatted(response.uri().getPath(), response.statusCode(), head(body)));
  }

  private static byte[] body(HttpResponse<InputStream> response) throws IOException {
    try (var in = response.body()) {
      byte[] body = in.readNBytes(MAX_ANSWER + 1);
      if (body.length <= MAX_ANSWER
          && response
              .headers()
              .firstValue("Content-Encoding")
              .filter(Deflate.NAME::equals)
              .isPresent()) {
        body = Deflate.expand(body, MAX_ANSWER + 1);
      }
      if (body.length > MAX_ANSWER) {
        throw new AnswerTooLargeException(
            "the tracker answered %s with more than %d bytes"
                .formatted(response.uri().getPath(), MAX_ANSWER));
      }
      return body;
    }
  }

  private static String head(byte[] body) {
    return new String(body, 0, Math.min(body.length, 256), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

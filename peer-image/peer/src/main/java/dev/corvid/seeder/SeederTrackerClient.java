package dev.corvid.seeder;

import dev.corvid.http.Clients;
import dev.corvid.trust.TokenFile;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The calls of a seeder to its tracker. Thread-safe. */
final class SeederTrackerClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 64 << 10;

  private final URI base;
  private final TokenFile token;
  private final HttpClient http;

  SeederTrackerClient(URI base, TokenFile token) {
    this.base = base;
    this.token = token;
    this.http = Clients.builder(TIMEOUT, base).build();
  }

  /** Returns the limits of now. */
  SeederLimits report(String releaseUid, SeederReport report)
      throws IOException, InterruptedException {
    var response =
        send(
            "the seeder's report",
            request("/v1/seeders/" + releaseUid + "/report")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Wire.encode(report))));
    return response.length == 0 ? SeederLimits.NONE : Wire.decode(response, SeederLimits.class);
  }

  /** Who else has that content, or is to have it. */
  Neighbours neighbours(String swarm) throws IOException, InterruptedException {
    var response = send("the question for neighbours", request("/v1/neighbours/" + swarm).GET());
    return Wire.decode(response, Neighbours.class);
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", token.bearer());
  }

  private byte[] send(String what, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var limited =
        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER);
    var response = http.send(request.build(), limited);
    if (response.statusCode() / 100 != 2) {
      throw new IOException("the tracker answers " + response.statusCode() + " to " + what);
    }
    return response.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

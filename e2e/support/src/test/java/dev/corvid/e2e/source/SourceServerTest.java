package dev.corvid.e2e.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceServerTest {
  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private SourceServer server;
  private Path file;

  @BeforeEach
  void serve() throws IOException {
    server = SourceServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    file = Files.writeString(folder.resolve("content"), "0123456789");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void servesAWholeFileAndARangeOfIt() throws Exception {
    var uri = server.on("/x", new Answer.Content(file));

    assertThat(get(uri).body()).isEqualTo("0123456789");
    var part = get(uri, "Range", "bytes=4-6");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("456");
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 4-6/10");
    assertThat(get(uri, "Range", "bytes=8-").body()).isEqualTo("89");
    assertThat(get(uri, "Range", "bytes=10-").statusCode()).isEqualTo(416);
  }

  @Test
  void sendsTheWholeWhenTheFileIsNotTheOneThatWasBegun() throws Exception {
    var uri = server.on("/x", new Answer.Content(file));
    var request =
        HttpRequest.newBuilder(uri)
            .header("Range", "bytes=4-")
            .header("If-Range", "\"other\"")
            .build();

    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("0123456789");
  }

  @Test
  void failsAsItIsTold() throws Exception {
    assertThat(get(server.uri("/nothing")).statusCode()).isEqualTo(404);
    var elsewhere = URI.create("http://192.0.2.1/");
    assertThat(get(server.on("/moved", new Answer.Redirect(elsewhere))).headers().map())
        .containsEntry("location", java.util.List.of(elsewhere.toString()));
    var guarded = server.on("/secret", new Answer.Guarded("Bearer t", new Answer.Content(file)));
    assertThat(get(guarded).statusCode()).isEqualTo(401);
    assertThat(get(guarded, "Authorization", "Bearer t").body()).hasSize(10);
    var truncated = server.on("/short", new Answer.Truncated(file, 4));
    assertThatThrownBy(() -> get(truncated)).isInstanceOf(IOException.class);
    var refusing = SourceServer.refusing(InetAddress.getLoopbackAddress());
    assertThatThrownBy(() -> get(refusing)).isInstanceOf(ConnectException.class);
  }

  @Test
  void keepsAJournalThatTestsWaitOn() throws Exception {
    server.rate(1); // the first block occupies the uplink for ten seconds
    var uri = server.on("/x", new Answer.Content(file));
    var first = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    server.awaitSent("/x", 10, Duration.ofSeconds(10));
    assertThat(first.join().body()).hasSize(10);
    var second = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    server.rate(0); // and the second one goes out at once
    assertThat(second.join().body()).hasSize(10);

    assertThat(server.bytesSent("/x")).isEqualTo(20);
    assertThat(server.firstByte("/x")).isPresent();
    assertThat(server.requests("/x")).hasSize(2).allMatch(request -> request.status() == 200);
    assertThat(server.requests("/x").getFirst().header("host")).contains(":");
  }

  private HttpResponse<String> get(URI uri, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}

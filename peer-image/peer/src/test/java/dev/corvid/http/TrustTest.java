package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  @TempDir Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private HttpsServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void asksForTheCertificatesOnceAndNotBeforeAServerShowsItsOwn() throws Exception {
    var key = serve("localhost");
    var context = lateTrust(key.trusting());

    try (var one = client(context);
        var two = client(context)) {
      assertThat(asked).hasValue(0);
      assertThat(get(one)).isEqualTo(204);
      assertThat(get(two)).isEqualTo(204);
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void refusesAnotherHostsCertificate() throws Exception {
    var key = serve("files.example");

    try (var client = client(lateTrust(key.trusting()))) {
      assertThatThrownBy(() -> get(client))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("localhost");
    }
  }

  @Test
  void trustsNobodyWhomTheJdkDoesNot() throws Exception {
    serve("localhost");

    try (var client = client(Trust.context())) {
      assertThatThrownBy(() -> get(client)).isInstanceOf(SSLHandshakeException.class);
    }
  }

  private SelfSigned serve(String host) throws Exception {
    var key = SelfSigned.of(host, folder);
    server = key.server();
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    return key;
  }

  private SSLContext lateTrust(KeyStore store) {
    return Trust.in(
        new LateTrust(
            () -> {
              asked.incrementAndGet();
              return Trust.manager(store);
            }));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private int get(HttpClient client) throws IOException, InterruptedException {
    var uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }
}

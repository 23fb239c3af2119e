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
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private HttpsServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void refusesAnotherHostsCertificate() throws Exception {
    var key = serve("files.example");

    try (var client = client(trusting(key))) {
      assertThatThrownBy(() -> get(client))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("localhost");
    }
  }

  @Test
  void trustsNobodyWhomTheJdkDoesNot() throws Exception {
    serve("localhost");

    try (var client = Clients.builder(TIMEOUT).build()) {
      assertThatThrownBy(() -> get(client)).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void aClientOfAPlainServerTrustsNobody() throws Exception {
    var key = serve("localhost");
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(trusting(key));
    var plain = URI.create("http://localhost/");
    var secure = URI.create("HTTPS://localhost/");
    try (var client = Clients.builder(TIMEOUT, plain).build();
        var trusting = Clients.builder(TIMEOUT, secure).build()) {
      assertThat(get(trusting)).isEqualTo(204);
      assertThatThrownBy(() -> get(client)).isInstanceOf(SSLHandshakeException.class);
    } finally {
      SSLContext.setDefault(before);
    }
  }

  private SelfSigned serve(String host) throws Exception {
    var key = SelfSigned.of(host, folder);
    server = key.server();
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    return key;
  }

  private static SSLContext trusting(SelfSigned key) throws Exception {
    return ClientTls.in(ClientTls.manager(key.trusting()));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private int get(HttpClient client) throws IOException, InterruptedException {
    var uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }
}

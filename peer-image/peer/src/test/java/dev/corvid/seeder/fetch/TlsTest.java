package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpsServer;
import dev.corvid.http.SelfSigned;
import dev.corvid.seeder.source.AdminFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir static Path keys;
  private static HttpsServer server;
  private static String pem;

  /** Of the last request. */
  private static volatile Headers headers;

  @TempDir Path scratch;
  @TempDir Path secret;

  @BeforeAll
  static void serve() throws Exception {
    var key = SelfSigned.of("files.example", keys);
    pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(key.certificate())
            + "\n-----END CERTIFICATE-----\n";
    server = key.server();
    server.createContext(
        "/x.bin",
        exchange -> {
          try (exchange) {
            headers = exchange.getRequestHeaders();
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes());
          }
        });
    server.createContext(
        "/down",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Location", "http://files.example/x.bin");
            exchange.sendResponseHeaders(302, -1);
          }
        });
    server.start();
  }

  @AfterAll
  static void close() {
    server.stop(0);
  }

  @Test
  void trustsTheAuthorityOfTheSecretOrTheChart() throws Exception {
    Files.writeString(secret.resolve("ca.crt"), pem);
    var bySecret = fixture("files.example", "/x.bin");
    bySecret.secret = secret;
    var byChart = fixture("files.example", "/x.bin");
    byChart.admin = trusting(pem);

    assertThat(bySecret.fetch().tree().bytes()).isEqualTo(5);
    assertThat(byChart.fetch().tree().bytes()).isEqualTo(5);
  }

  @Test
  void refusesAnUnknownAuthority() {
    assertThatThrownBy(() -> fixture("files.example", "/x.bin").fetch())
        .hasMessageContaining("has a certificate that is not trusted or not for this host");
  }

  /** It says nothing of the server's certificate, which was not even seen. */
  @Test
  void saysThatAServerEndsTheHandshake() throws Exception {
    try (var closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(
          () -> {
            try {
              while (true) {
                try (var connection = closing.accept()) {
                  connection.getInputStream().read(new byte[1 << 16]);
                }
              }
            } catch (IOException e) {
              // The test is over.
            }
          });

      var fixture =
          new FetchFixture(scratch, "https://127.0.0.1:" + closing.getLocalPort() + "/x.bin");

      assertThatThrownBy(fixture::fetch)
          .hasMessageContaining("ends the TLS handshake without saying why");
    }
  }

  @Test
  void refusesACertificateForAnotherNameAlsoAfterAGoodConnection() throws Exception {
    for (var name : List.of("files.example", "other.example")) {
      var fixture = fixture(name, "/x.bin");
      fixture.admin = trusting(pem);
      if (name.equals("files.example")) {
        fixture.fetch();
      } else {
        assertThatThrownBy(fixture::fetch)
            .hasMessageContaining("other.example")
            .hasMessageContaining("not for this host");
      }
    }
  }

  @Test
  void aProxyConnectsToTheJudgedAddressAndTheNameIsStillChecked() throws Exception {
    try (var proxy = new ForwardProxy(server.getAddress().getPort())) {
      for (var name : List.of("files.example", "other.example")) {
        var fixture = new FetchFixture(scratch, "https://" + name + "/x.bin");
        fixture.admin = trusting(pem);
        fixture.proxy = proxy.url();
        fixture.resolver = host -> List.of(InetAddress.ofLiteral("93.184.216.34"));
        if (name.equals("files.example")) {
          assertThat(fixture.fetch().tree().bytes()).isEqualTo(5);
        } else {
          assertThatThrownBy(fixture::fetch).hasMessageContaining("not for this host");
        }
      }
      assertThat(proxy.asked()).containsOnly("CONNECT 93.184.216.34:443");
    }
  }

  @Test
  void credentialsForTheProxyStayOutOfTheTunnel() throws Exception {
    try (var proxy = new ForwardProxy(server.getAddress().getPort())) {
      var fixture = fixture("files.example", "/x.bin");
      Files.writeString(secret.resolve("username"), "user\n");
      Files.writeString(secret.resolve("password"), "word\n");
      fixture.admin = new AdminFiles(trusting(pem).authorities(), secret);
      fixture.proxy = proxy.url();

      assertThat(fixture.fetch().tree().bytes()).isEqualTo(5);

      assertThat(proxy.proofs()).containsExactly("Basic dXNlcjp3b3Jk");
      assertThat(headers.getFirst("Proxy-Authorization")).isNull();
    }
  }

  @Test
  void refusesARedirectToPlainHttp() {
    var fixture = fixture("files.example", "/down");
    fixture.admin = trusting(pem);

    assertThatThrownBy(fixture::fetch)
        .hasMessageContaining("redirects from https to http, to http://files.example/x.bin");
  }

  @Test
  void saysThatABundleIsNoPem() {
    var fixture = fixture("files.example", "/x.bin");
    fixture.admin = trusting("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----");

    assertThatThrownBy(fixture::fetch).hasMessageContaining("is not PEM");
  }

  private static AdminFiles trusting(String bundle) {
    try {
      return new AdminFiles(Files.writeString(keys.resolve("bundle.pem"), bundle), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FetchFixture fixture(String host, String path) {
    return new FetchFixture(
        scratch, "https://" + host + ":" + server.getAddress().getPort() + path);
  }
}

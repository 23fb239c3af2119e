package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path keys;
  private static HttpsServer server;
  private static String pem;
  @TempDir Path scratch;
  @TempDir Path secret;

  @BeforeAll
  static void serve() throws Exception {
    var store = selfSigned("files.example");
    byte[] certificate = store.getCertificate("server").getEncoded();
    pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate)
            + "\n-----END CERTIFICATE-----\n";
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/x.bin",
        exchange -> {
          try (exchange) {
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
    byChart.authorities = List.of(pem);

    assertThat(bySecret.fetch().tree().bytes()).isEqualTo(5);
    assertThat(byChart.fetch().tree().bytes()).isEqualTo(5);
  }

  @Test
  void refusesAnUnknownAuthority() {
    assertThatThrownBy(() -> fixture("files.example", "/x.bin").fetch())
        .hasMessageContaining("has a certificate that is not trusted or not for this host");
  }

  @Test
  void refusesACertificateForAnotherNameAlsoAfterAGoodConnection() throws Exception {
    for (var name : List.of("files.example", "other.example")) {
      var fixture = fixture(name, "/x.bin");
      fixture.authorities = List.of(pem);
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
  void refusesARedirectToPlainHttp() {
    var fixture = fixture("files.example", "/down");
    fixture.authorities = List.of(pem);

    assertThatThrownBy(fixture::fetch)
        .hasMessageContaining("redirects from https to http, to http://files.example/x.bin");
  }

  @Test
  void saysThatABundleIsNoPem() {
    var fixture = fixture("files.example", "/x.bin");
    fixture.authorities = List.of("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----");

    assertThatThrownBy(fixture::fetch).hasMessageContaining("is not PEM");
  }

  private FetchFixture fixture(String host, String path) {
    return new FetchFixture(
        scratch, "https://" + host + ":" + server.getAddress().getPort() + path);
  }

  private static KeyStore selfSigned(String host) throws Exception {
    var file = keys.resolve("keys.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + host,
        "-ext",
        "san=dns:" + host,
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        new String(PASSWORD));
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }
}

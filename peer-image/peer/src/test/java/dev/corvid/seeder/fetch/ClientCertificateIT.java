package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.corvid.http.SelfSigned;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.ClientCertificate;
import dev.corvid.seeder.source.MountedSecret;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against servers that serve only who shows a certificate, and one that merely asks for it. */
class ClientCertificateIT {
  @TempDir static Path keys;
  private static SelfSigned files;
  private static SelfSigned reader;
  private static SelfSigned other;

  /** By protocol, and one that takes any client. */
  private static final Map<String, HttpsServer> SERVERS = new ConcurrentHashMap<>();

  /** Who was shown to the server, by path; empty for nobody. */
  private static final Map<String, String> SHOWN = new ConcurrentHashMap<>();

  @TempDir Path scratch;
  @TempDir Path secret;

  @BeforeAll
  static void serve() throws Exception {
    files = SelfSigned.of("files.example", keys);
    reader = SelfSigned.of("reader", keys);
    other = SelfSigned.of("other", "RSA", keys);
    SERVERS.put("TLSv1.2", files.server(reader.trusting(), "TLSv1.2"));
    SERVERS.put("TLSv1.3", files.server(reader.trusting(), "TLSv1.3"));
    SERVERS.put("asking", files.asking(reader.trusting()));
    for (var server : SERVERS.values()) {
      server.createContext("/", ClientCertificateIT::answer);
      server.start();
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      SHOWN.put(path, shown((HttpsExchange) exchange));
      if (path.startsWith("/to/")) {
        var target = path.substring("/to/".length()).replace('=', '/');
        exchange.getResponseHeaders().set("Location", "https://" + target);
        exchange.sendResponseHeaders(302, -1);
      } else {
        exchange.sendResponseHeaders(200, 5);
        exchange.getResponseBody().write("hello".getBytes());
      }
    }
  }

  private static String shown(HttpsExchange exchange) {
    try {
      return exchange.getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  @AfterAll
  static void close() {
    SERVERS.values().forEach(server -> server.stop(0));
  }

  @BeforeEach
  void trustTheServer() throws IOException {
    SHOWN.clear();
    write("ca.crt", pem("CERTIFICATE", certificate(files)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void isShownToTheHostThatTheSecretNames(String protocol) throws Exception {
    write("tls.crt", pem("CERTIFICATE", certificate(reader)));
    write("tls.key", pem("PRIVATE KEY", reader.key().getEncoded()));
    write("hosts", "files.example:" + port(protocol));

    assertThat(fixture(protocol, "/x.bin").fetch().tree().bytes()).isEqualTo(5);
    assertThat(SHOWN).containsEntry("/x.bin", "CN=reader");
  }

  /** A server without TLS asks for no certificate, whatever it does to the connection. */
  @Test
  void isNotBlamedForAPlainServerThatDoesNotAnswer() throws Exception {
    writePair();
    write("hosts", "elsewhere.example");
    try (var closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(
          () -> {
            try {
              while (true) {
                closing.accept().close();
              }
            } catch (IOException e) {
              // The test is over.
            }
          });
      var fixture =
          new FetchFixture(scratch, "http://127.0.0.1:" + closing.getLocalPort() + "/x.bin");
      fixture.secret = secret;

      assertThatThrownBy(fixture::fetch)
          .returns(Reason.SourceUnreachable, e -> ((SourceException) e).reason());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void isNotShownToAHostThatTheSecretDoesNotName(String protocol) throws Exception {
    writePair();
    write("hosts", "elsewhere.example");

    refused(
        () -> fixture(protocol, "/x.bin").fetch(),
        "refuses the client certificate, or lacks one",
        "does not name https://files.example:" + port(protocol),
        "write files.example:" + port(protocol) + " there");
    assertThat(SHOWN).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anotherThanTheServerKnowsIsShownAndRefused(String protocol) throws Exception {
    write("tls.crt", pem("CERTIFICATE", certificate(other)));
    write("tls.key", pem("PRIVATE KEY", other.key().getEncoded()));
    write("hosts", "files.example:" + port(protocol));

    refused(
        () -> fixture(protocol, "/x.bin").fetch(), "refuses the client certificate", "check them");
  }

  /** Also not to one that the Secret names for another URL, and not after the way back. */
  @Test
  void isNotShownAfterARedirectToAnotherOrigin() throws Exception {
    writePair();
    int asking = port("asking");
    write("hosts", "files.example:%d files.example:%d".formatted(port("TLSv1.3"), asking));
    var back = "/to/files.example:%d=x.bin".formatted(asking);
    fixture("TLSv1.3", back).fetch();

    assertThat(SHOWN).containsEntry(back, "CN=reader").containsEntry("/x.bin", "");

    SHOWN.clear();
    var mirrored =
        new FetchFixture(scratch, url("TLSv1.3", "/to/files.example:%d=absent".formatted(asking)));
    mirrored.secret = secret;
    mirrored.fetch();
    fixture("asking", "/y.bin").fetch();
    assertThat(SHOWN).containsEntry("/absent", "").containsEntry("/y.bin", "CN=reader");
  }

  @Test
  void isShownAfterARedirectWithinItsOrigin() throws Exception {
    writePair();
    write("hosts", "files.example:" + port("TLSv1.3"));

    fixture("TLSv1.3", "/to/files.example:%d=x.bin".formatted(port("TLSv1.3"))).fetch();

    assertThat(SHOWN).containsEntry("/x.bin", "CN=reader");
  }

  /** PKCS #1 and SEC 1 are what PKCS #8 has inside (RFC 5958, 2), and what cert-manager writes. */
  @ParameterizedTest
  @CsvSource({"EC, EC PRIVATE KEY", "RSA, RSA PRIVATE KEY", "Ed25519, PRIVATE KEY"})
  void readsTheFormsOfKeysThatAreInUse(String kind, String label) throws Exception {
    var pair = SelfSigned.of("forms", kind, keys);
    byte[] pkcs8 = pair.key().getEncoded();
    write("tls.crt", pem("CERTIFICATE", certificate(pair)));
    write(
        "tls.key",
        "Bag Attributes\n" + pem(label, label.equals("PRIVATE KEY") ? pkcs8 : inner(pkcs8)));

    var read = ClientCertificate.of(MountedSecret.read(secret)).orElseThrow();

    assertThat(read.getPrivateKey("").getEncoded()).isEqualTo(pkcs8);
    assertThat(read.toString()).isEqualTo("CN=forms");
  }

  /** The OCTET STRING behind version and algorithm. */
  private static byte[] inner(byte[] pkcs8) {
    var der = ByteBuffer.wrap(pkcs8);
    enter(der);
    skip(der);
    skip(der);
    byte[] key = new byte[enter(der)];
    der.get(key);
    return key;
  }

  private static void skip(ByteBuffer der) {
    int length = enter(der);
    der.position(der.position() + length);
  }

  private static int enter(ByteBuffer der) {
    der.get();
    int first = der.get() & 0xff;
    return switch (first) {
      case 0x81 -> der.get() & 0xff;
      case 0x82 -> der.getShort() & 0xffff;
      default -> first;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pair    | hosts   | ''         | key hosts of the Secret of spec.source.secretRef is missing or empty; write the hosts",
        "pair    | hosts   | '*.a, /'   | key hosts of the Secret of spec.source.secretRef names no host; write the hosts",
        "pair    | tls.key | ''         | key tls.key of the Secret of spec.source.secretRef is missing or empty; write the private key",
        "pair    | tls.crt | ''         | key tls.crt of the Secret of spec.source.secretRef is missing or empty; write the client certificate",
        "pair    | tls.crt | hunter2    | key tls.crt of the Secret of spec.source.secretRef is no certificate in PEM",
        "pair    | tls.key | hunter2    | key tls.key of the Secret of spec.source.secretRef is no private key in PEM",
        "pair    | tls.key | -----BEGIN ENCRYPTED PRIVATE KEY----- hunter2 | is encrypted; write the key without its passphrase",
        "other   | ''      | ''         | is no private key in PEM (BEGIN PRIVATE KEY) for the certificate in tls.crt, which is of the kind EC",
        "another | ''      | ''         | is not the private key of the certificate in tls.crt; write both of one pair",
        "nothing | user    | hunter2    | key token of the Secret of spec.source.secretRef is missing, and so are username",
        "nothing | token   | hunter2    | key hosts of the Secret of spec.source.secretRef is missing or empty; write the hosts",
      })
  void namesTheKeyThatIsWrong(String keyPair, String name, String value, String message)
      throws Exception {
    Files.delete(secret.resolve("ca.crt"));
    if (!keyPair.equals("nothing")) {
      writePair();
      write("hosts", "files.example");
    }
    switch (keyPair) {
      case "other" -> write("tls.key", pem("PRIVATE KEY", other.key().getEncoded()));
      case "another" -> write("tls.key", pem("PRIVATE KEY", files.key().getEncoded()));
      default -> write(name, value);
    }

    refused(() -> fixture("TLSv1.3", "/x.bin").fetch(), message);
    assertThat(SHOWN).isEmpty();
  }

  private static void refused(ThrowingCallable fetch, String... messages) {
    var refusal = assertThatThrownBy(fetch).hasMessageNotContaining("hunter2");
    for (var message : messages) {
      refusal.hasMessageContaining(message);
    }
    refusal.returns(Reason.SourceAuthFailed, e -> ((SourceException) e).reason());
  }

  private void writePair() throws Exception {
    write("tls.crt", pem("CERTIFICATE", certificate(reader)));
    write("tls.key", pem("PRIVATE KEY", reader.key().getEncoded()));
  }

  private void write(String key, String value) throws IOException {
    Files.writeString(secret.resolve(key), value);
  }

  private static byte[] certificate(SelfSigned of) {
    try {
      return of.certificate();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der));
  }

  private static int port(String server) {
    return SERVERS.get(server).getAddress().getPort();
  }

  private static String url(String server, String path) {
    return "https://files.example:" + port(server) + path;
  }

  private FetchFixture fixture(String server, String path) {
    var fixture = new FetchFixture(scratch, url(server, path));
    fixture.secret = secret;
    return fixture;
  }
}

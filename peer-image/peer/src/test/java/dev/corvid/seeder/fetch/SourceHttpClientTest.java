package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.wire.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceHttpClientTest {
  private final SourceServer server = new SourceServer().serve("/x.bin", new byte[10]);
  @TempDir Path scratch;
  @TempDir Path secret;

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/x.bin",
        "http://2130706433/x.bin",
        "http://[::1]/x.bin",
        "http://[::ffff:169.254.169.254]/x.bin",
        "http://0.0.0.0/x.bin",
        "http://localhost/x.bin",
      })
  void refusesLoopbackAndLinkLocalAddressesInEveryNotation(String url) {
    var fixture = new FetchFixture(scratch, url);
    fixture.allowed = List.of();

    refused(fixture, Reason.SourceUnreachable, "which sources may not use", "allowedAddresses");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void refusesARedirectToARefusedAddress() {
    server.redirect("/to", "http://169.254.169.254/x.bin");

    refused(
        fixture("/to"), Reason.SourceUnreachable, "leads to 169.254.169.254, a link-local address");
  }

  @Test
  void connectsToTheAddressThatWasCheckedWhateverTheNameBecomesThen() throws Exception {
    var asked = new AtomicInteger();
    var fixture = new FetchFixture(scratch, "http://rebound.example:" + server.port() + "/x.bin");
    fixture.resolver =
        host -> {
          var text = asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2";
          return List.of(InetAddress.ofLiteral(text));
        };

    fixture.fetch();

    assertThat(asked).hasValue(1);
    assertThat(server.requests().getFirst().host()).isEqualTo("rebound.example:" + server.port());
  }

  @Test
  void usesThePermittedOnesOfSeveralAddresses() throws Exception {
    var fixture = new FetchFixture(scratch, "http://many.example:" + server.port() + "/x.bin");
    fixture.resolver =
        host ->
            List.of(InetAddress.ofLiteral("169.254.169.254"), InetAddress.ofLiteral("127.0.0.1"));

    assertThat(fixture.fetch().tree().files()).isOne();
  }

  @Test
  void followsRedirectsButNotForEver() throws Exception {
    server
        .redirect("/1", "/2")
        .redirect("/2", server.url("/x.bin"))
        .redirect("/loop", "/loop")
        .redirect("/file", "file:///etc/passwd");

    assertThat(fixture("/1").fetch().tree().bytes()).isEqualTo(10);
    refused(
        fixture("/loop"),
        Reason.SourceUnreachable,
        "redirects more than 10 times, at last to " + server.url("/loop"));
    refused(
        fixture("/file"),
        Reason.SourceUnreachable,
        "/file redirects to file:///etc/passwd, which must begin with http");
  }

  @Test
  void sendsCredentialsToTheHostThatTheSecretNames() throws Exception {
    credentials(server.url(""));
    var fixture = fixture("/x.bin");
    fixture.secret = secret;

    fixture.fetch();

    assertThat(server.requests().getFirst().authorization()).isEqualTo("Basic dTpw");
  }

  @Test
  void neverSendsCredentialsAcrossARedirectToAnotherHost() throws Exception {
    credentials(server.url("") + " http://127.0.0.2");
    try (var other = new SourceServer("127.0.0.2").status("/x.bin", 401)) {
      server.redirect("/to", other.url("/x.bin"));
      var fixture = fixture("/to");
      fixture.secret = secret;

      refused(
          fixture,
          Reason.SourceAuthFailed,
          "127.0.0.2",
          "answers 401; no credentials were sent, because it is another host than 127.0.0.1");
      assertThat(server.requests().getFirst().authorization()).isNotNull();
      assertThat(other.requests().getFirst().authorization()).isNull();
    }
  }

  @Test
  void aRedirectBackBringsNoCredentialsEither() throws Exception {
    credentials(server.url(""));
    try (var other = new SourceServer("127.0.0.2").redirect("/", server.url("/x.bin"))) {
      server.redirect("/to", other.url("/"));
      var fixture = fixture("/to");
      fixture.secret = secret;

      fixture.fetch();

      assertThat(server.requests().getLast().authorization()).isNull();
    }
  }

  @Test
  void saysWhyTheSourceRefused() throws Exception {
    server.status("/no.bin", 401).status("/never.bin", 403);
    refused(fixture("/no.bin"), Reason.SourceAuthFailed, "answers 401", "names no credentials");

    credentials("elsewhere.example");
    var unsent = fixture("/never.bin");
    unsent.secret = secret;
    refused(unsent, Reason.SourceAuthFailed, "answers 403", "key hosts of the Secret");

    credentials(server.url(""));
    var wrong = fixture("/no.bin");
    wrong.secret = secret;
    refused(wrong, Reason.SourceAuthFailed, "/no.bin answers 401");
  }

  @Test
  void saysWhatDidNotAnswer() throws Exception {
    refused(fixture("/missing.bin"), Reason.SourceUnreachable, "/missing.bin answers 404");

    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    var refusedPort = new FetchFixture(scratch, "http://127.0.0.1:" + closed + "/x.bin");
    refused(refusedPort, Reason.SourceUnreachable, "cannot be connected to");

    var unknown = new FetchFixture(scratch, "http://unknown.example/x.bin");
    unknown.resolver =
        host -> {
          throw new UnknownHostException(host);
        };
    refused(unknown, Reason.SourceUnreachable, "a host that does not resolve");
  }

  @Test
  void doesNotWaitForAnAnswerForEver() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
      var fixture =
          new FetchFixture(scratch, "http://127.0.0.1:" + silent.getLocalPort() + "/x.bin");
      fixture.timeouts = new SourceTimeouts(Duration.ofSeconds(5), Duration.ofMillis(200));

      refused(fixture, Reason.SourceUnreachable, "does not answer in time");
    }
  }

  @Test
  void refusesAnAnswerWhoseEndCannotBeSeenUnlessADigestIsPinned() throws Exception {
    try (var raw = new RawServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")) {
      refused(
          new FetchFixture(scratch, raw.url("/x.bin")),
          Reason.SourceUnreachable,
          "does not say how long it is");

      var pinned = new FetchFixture(scratch, raw.url("/x.bin"));
      pinned.digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
      assertThat(pinned.fetch().tree().bytes()).isEqualTo(5);
    }
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    try (var raw = new RawServer("SSH-2.0-OpenSSH\r\n")) {
      refused(
          new FetchFixture(scratch, raw.url("/x.bin")),
          Reason.SourceUnreachable,
          "sends an answer that is not HTTP");
    }
  }

  @Test
  void theProxyGetsTheJudgedAddress() throws Exception {
    try (var proxy = new ForwardProxy(server.port())) {
      var asked = new AtomicInteger();
      var fixture = new FetchFixture(scratch, "http://rebound.example/x.bin");
      fixture.proxy = proxy.url();
      fixture.resolver =
          host -> {
            var text = asked.getAndIncrement() == 0 ? "93.184.216.34" : "127.0.0.1";
            return List.of(InetAddress.ofLiteral(text));
          };

      fixture.fetch();

      assertThat(proxy.asked()).containsExactly("GET http://93.184.216.34:80/x.bin");
      assertThat(server.requests().getFirst().host()).isEqualTo("rebound.example");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void aNameThatDoesNotResolveHereIsTheProxysOnlyIfAnAdministratorSaysSo() throws Exception {
    try (var proxy = new ForwardProxy(server.port())) {
      var fixture = new FetchFixture(scratch, "http://outside.example/x.bin");
      fixture.proxy = proxy.url();
      fixture.resolver =
          host -> {
            throw new UnknownHostException(host);
          };
      refused(fixture, Reason.SourceUnreachable, "does not resolve here", "seeder.proxyResolves");
      assertThat(proxy.asked()).isEmpty();

      fixture.proxyResolves = true;
      fixture.fetch();
      assertThat(proxy.asked()).containsExactly("GET http://outside.example/x.bin");
      assertThat(server.requests().getFirst().host()).isEqualTo("outside.example");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProxyIsNotAskedForWhatIsRefusedHere(boolean proxyResolves) throws Exception {
    try (var proxy = new ForwardProxy(server.port())) {
      for (var host : List.of("169.254.169.254", "metadata.example")) {
        var fixture = new FetchFixture(scratch, "http://" + host + "/x.bin");
        fixture.proxy = proxy.url();
        fixture.proxyResolves = proxyResolves;
        fixture.resolver = name -> List.of(InetAddress.ofLiteral("169.254.169.254"));

        refused(fixture, Reason.SourceUnreachable, "a link-local address");
      }
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void theProxysOwnAddressIsTheAdministratorsMatter() throws Exception {
    try (var proxy = new ForwardProxy(server.port())) {
      var fixture = new FetchFixture(scratch, "http://93.184.216.34/x.bin");
      fixture.allowed = List.of();
      fixture.denied = List.of("127.0.0.0/8");
      fixture.proxy = proxy.url();

      assertThat(fixture.fetch().tree().bytes()).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"inside.example", ".example", "127.0.0.0/8", "127.0.0.1"})
  void whatIsExceptedIsFetchedWithoutTheProxy(String except) throws Exception {
    for (boolean resolves : List.of(false, true)) {
      try (var proxy = new ForwardProxy(server.port())) {
        var fixture =
            new FetchFixture(scratch, "http://inside.example:" + server.port() + "/x.bin");
        fixture.proxy = proxy.url();
        fixture.proxyResolves = resolves;
        fixture.noProxy = List.of("other.example", except);

        fixture.fetch();

        assertThat(proxy.asked()).isEmpty();
      }
    }
  }

  @Test
  void credentialsForTheProxyAreTheProxysAlone() throws Exception {
    Files.writeString(secret.resolve("username"), "user");
    Files.writeString(secret.resolve("password"), "word");
    try (var proxy = new ForwardProxy(server.port())) {
      var through = new FetchFixture(scratch, "http://outside.example/x.bin");
      through.proxy = proxy.url();
      through.admin = new AdminFiles(null, secret);
      through.fetch();

      assertThat(proxy.proofs()).containsExactly("Basic dXNlcjp3b3Jk");

      Files.delete(secret.resolve("password"));
      refused(through, Reason.SourceUnreachable, "proxySecret names lacks the key username or");
    }
  }

  @Test
  void deniedAddressesAreRefusedAlsoBehindARedirectAndWhenAllowed() {
    server.redirect("/to", "http://10.96.0.1/x.bin");
    var redirected = fixture("/to");
    redirected.denied = List.of("10.96.0.0/12");
    var allowed = fixture("/x.bin");
    allowed.denied = List.of("127.0.0.1/32");

    refused(redirected, Reason.SourceUnreachable, "leads to 10.96.0.1", "seeder.deniedAddresses");
    refused(allowed, Reason.SourceUnreachable, "leads to 127.0.0.1", "seeder.deniedAddresses");
  }

  private void credentials(String hosts) throws Exception {
    Files.writeString(secret.resolve("username"), "u");
    Files.writeString(secret.resolve("password"), "p\n");
    Files.writeString(secret.resolve("hosts"), hosts);
  }

  private FetchFixture fixture(String path) {
    return new FetchFixture(scratch, server.url(path));
  }

  private static void refused(FetchFixture fixture, Reason reason, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(reason, SourceException::reason);
  }
}

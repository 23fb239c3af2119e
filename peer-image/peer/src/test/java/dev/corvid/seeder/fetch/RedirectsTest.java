package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.unpack.Archives;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redirects as servers send them. */
class RedirectsTest {
  private static final byte[] CONTENT = Archives.noise(1000);

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;
  @TempDir Path secret;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aQueryAloneIsThatOfTheSamePath() throws Exception {
    server.answer(
        "/dir/x.bin",
        exchange -> {
          if ("signature=s".equals(exchange.getRequestURI().getRawQuery())) {
            ResponsesTest.whole(exchange, CONTENT, null, CONTENT.length);
          } else {
            exchange.getResponseHeaders().set("Location", "?signature=s");
            exchange.sendResponseHeaders(302, -1);
          }
        });

    assertThat(fixture("/dir/x.bin").fetch().tree().bytes()).isEqualTo(1000);
  }

  @Test
  void whatIsNotEscapedIs() throws Exception {
    server.redirect("/x.bin", "/my model|v2.bin").serve("/my model|v2.bin", CONTENT);

    assertThat(fixture("/x.bin").fetch().tree().bytes()).isEqualTo(1000);
  }

  @Test
  void tenAreFollowed() throws Exception {
    for (int i = 1; i <= 11; i++) {
      server.redirect("/" + i + ".bin", "/" + (i - 1) + ".bin");
    }
    server.serve("/0.bin", CONTENT);

    assertThat(fixture("/10.bin").fetch().tree().bytes()).isEqualTo(1000);
    assertThatThrownBy(fixture("/11.bin")::fetch).hasMessageContaining("more than 10 times");
  }

  @Test
  void aCookieComesBackWithinTheChainToTheSameOriginOnly() throws Exception {
    server.answer(
        "/x.bin",
        exchange -> {
          if ("seen=1; a=b c".equals(exchange.getRequestHeaders().getFirst("Cookie"))) {
            ResponsesTest.whole(exchange, CONTENT, null, CONTENT.length);
          } else {
            exchange.getResponseHeaders().add("Set-Cookie", "seen=1; Path=/; HttpOnly");
            exchange.getResponseHeaders().add("Set-Cookie", "a = b c");
            exchange.getResponseHeaders().add("Set-Cookie", "login=1");
            exchange.getResponseHeaders().add("Set-Cookie", "login=; Max-Age=0");
            exchange.getResponseHeaders().add("Set-Cookie", "old=1");
            exchange
                .getResponseHeaders()
                .add("Set-Cookie", "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
            exchange.getResponseHeaders().set("Location", "/x.bin");
            exchange.sendResponseHeaders(302, -1);
          }
        });
    fixture("/x.bin").fetch();
    assertThat(server.requests()).hasSize(2);

    try (var other = new SourceServer("127.0.0.2")) {
      other.answer(
          "/y.bin",
          exchange -> {
            boolean leaked = exchange.getRequestHeaders().containsKey("Cookie");
            exchange.sendResponseHeaders(leaked ? 500 : 404, -1);
          });
      server.answer(
          "/y.bin",
          exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "seen=1; Domain=127.0.0.2");
            exchange.getResponseHeaders().set("Location", other.url("/y.bin"));
            exchange.sendResponseHeaders(302, -1);
          });
      assertThatThrownBy(fixture("/y.bin")::fetch).hasMessageContaining("answers 404");
    }
  }

  @Test
  void aSignedUrlOfTheServersOwnGetsNoCredentialsBeside() throws Exception {
    Files.writeString(secret.resolve("token"), "t");
    Files.writeString(secret.resolve("hosts"), server.url(""));
    server
        .redirect("/x.bin", "/signed.bin?X-Amz-Signature=abc")
        .serve("/signed.bin", CONTENT)
        .serve("/own.bin", CONTENT);
    var redirected = fixture("/x.bin");
    redirected.secret = secret;
    var own = fixture("/own.bin?sig=abc");
    own.secret = secret;

    redirected.fetch();
    own.fetch();

    assertThat(server.requests().stream().map(SourceServer.Request::authorization))
        .containsExactly("Bearer t", null, "Bearer t");
  }

  @Test
  void a400ToASignedUrlWithCredentialsBesideSaysSo() throws Exception {
    Files.writeString(secret.resolve("token"), "t");
    Files.writeString(secret.resolve("hosts"), server.url(""));
    server.status("/x.bin", 400);
    var signed = fixture("/x.bin?X-Amz-Signature=abc");
    signed.secret = secret;
    var plain = fixture("/x.bin");
    plain.secret = secret;

    assertThatThrownBy(signed::fetch)
        .hasMessageContaining("/x.bin answers 400; credentials were sent beside the signature");
    assertThatThrownBy(plain::fetch).message().endsWith("/x.bin answers 400");
  }

  @Test
  void anAnswerWithoutContentIsNoFile() {
    server.status("/x.bin", 204);

    assertThatThrownBy(fixture("/x.bin")::fetch)
        .hasMessageContaining(server.url("/x.bin"))
        .hasMessageContaining("204");
  }

  @Test
  void aHostWithAnUnderscoreIsResolvedAndCheckedLikeAnyOther() throws Exception {
    server.serve("/x.bin", CONTENT);
    var fixture = new FetchFixture(scratch, "http://my_store.example.:" + server.port() + "/x.bin");
    var refused = new FetchFixture(scratch, "http://my_store.example/x.bin");
    refused.resolver = host -> List.of(InetAddress.ofLiteral("169.254.169.254"));

    fixture.fetch();

    assertThat(server.requests().getFirst().host()).isEqualTo("my_store.example:" + server.port());
    assertThatThrownBy(refused::fetch).hasMessageContaining("a link-local address");
  }

  /** A request cannot be built for such a host; its query must not come out by that. */
  @Test
  void aHostWithAnUnderscoreThatTheProxyWouldResolveIsNamedWithoutItsQuery() {
    var fixture = new FetchFixture(scratch, "http://my_store.test/x.bin?X-Amz-Signature=hunter2");
    fixture.proxy = "http://127.0.0.1:" + server.port();
    fixture.proxyResolves = true;

    assertThatThrownBy(fixture::fetch)
        .hasMessageContaining(
            "http://my_store.test/x.bin has an underscore in the name of its host")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aLocationOfTenThousandLabelsIsRefused() {
    server.redirect("/x.bin", "http://x_y." + "a.".repeat(5000) + "z_/f");
    var fixture = fixture("/x.bin");

    assertThatThrownBy(fixture::fetch).hasMessageContaining("names a host of 10,00");
  }

  @Test
  void severalChoicesWithALocationAreARedirect() throws Exception {
    server
        .serve("/y.bin", CONTENT)
        .answer(
            "/x.bin",
            exchange -> {
              exchange.getResponseHeaders().set("Location", "/y.bin");
              exchange.sendResponseHeaders(300, -1);
            });

    fixture("/x.bin").fetch();
  }

  private FetchFixture fixture(String path) {
    return new FetchFixture(scratch, server.url(path));
  }
}

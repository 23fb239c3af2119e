package dev.corvid.seeder.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.Credentials;
import dev.corvid.seeder.source.MountedSecret;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @Test
  void goesOnlyToHostsThatTheSecretNames() throws Exception {
    var credentials =
        new Credentials(
            new MountedSecret(Map.of("token", "t", "hosts", "files.example, b.example:8443\n")));

    assertThat(credentials.headersFor(url("https://files.example/x")))
        .containsExactly(new Credentials.Header("Authorization", "Bearer t"));
    assertThat(credentials.headersFor(url("https://FILES.example/x"))).hasSize(1);
    assertThat(credentials.headersFor(url("https://FILES.example:444/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://b.example:8443/x"))).hasSize(1);
    assertThat(credentials.headersFor(url("https://b.example/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://xfiles.example/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://files.example.evil/x"))).isEmpty();
  }

  @Test
  void credentialsNeedTls() throws Exception {
    var bare = new Credentials(new MountedSecret(Map.of("token", "t", "hosts", "h")));

    assertThat(bare.headersFor(url("https://h/x"))).hasSize(1);
    assertThat(bare.headersFor(url("https://h:443/x"))).hasSize(1);
    assertThat(bare.headersFor(url("http://h/x"))).isEmpty();
    assertThat(bare.headersFor(url("http://h:443/x"))).isEmpty();
    assertThat(bare.headersFor(url("http://h:8080/x"))).isEmpty();
    assertThat(bare.headersFor(url("https://h:8443/x"))).isEmpty();
    assertThat(bare.whyNone(url("https://h:8443/x"))).contains("write h:8443 there");
    assertThat(bare.whyNone(url("http://h:8080/x")))
        .contains("write http://h:8080 there")
        .contains("in clear text");

    var listed =
        new Credentials(
            new MountedSecret(
                Map.of("token", "t", "hosts", "h:8443,http://plain http://h:8080/ https://s:1")));
    assertThat(listed.headersFor(url("https://h:8443/x"))).hasSize(1);
    assertThat(listed.headersFor(url("https://h/x"))).isEmpty();
    assertThat(listed.headersFor(url("http://h:8443/x"))).isEmpty();
    assertThat(listed.headersFor(url("http://h:8080/x"))).hasSize(1);
    assertThat(listed.headersFor(url("https://h:8080/x"))).isEmpty();
    assertThat(listed.headersFor(url("http://plain/x"))).hasSize(1);
    assertThat(listed.headersFor(url("https://plain/x"))).isEmpty();
    assertThat(listed.headersFor(url("https://s:1/x"))).hasSize(1);
  }

  @Test
  void passesOverWhatIsNoHost() throws Exception {
    var credentials =
        new Credentials(
            new MountedSecret(
                Map.of("token", "t", "hosts", "*.example, ftp://f, me@h, a_b, [::1]:8443")));

    assertThat(credentials.headersFor(url("https://x.example/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://h/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://[::1]:8443/x"))).hasSize(1);
  }

  @Test
  void sendsHeadersOfAnyNameAndBasicAuthentication() throws Exception {
    var credentials =
        new Credentials(
            new MountedSecret(
                Map.of("username", "u", "password", "p\n", "header.X-Api-Key", "k", "hosts", "h")));

    assertThat(credentials.headersFor(url("https://h/")))
        .containsExactlyInAnyOrder(
            new Credentials.Header("Authorization", "Basic dTpw"),
            new Credentials.Header("X-Api-Key", "k"));
  }

  /** Of a password blanks are a part; only an editor's line end is none. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\n\n"})
  void keepsTheBlanksOfAPassword(String end, @TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("username"), " u" + end);
    Files.writeString(directory.resolve("password"), "\tp p " + end);
    Files.writeString(directory.resolve("hosts"), " h " + end);
    var basic = "Basic " + Base64.getEncoder().encodeToString(" u:\tp p ".getBytes(US_ASCII));

    assertThat(new Credentials(MountedSecret.read(directory)).headersFor(url("https://h/")))
        .containsExactly(new Credentials.Header("Authorization", basic));
    assertThat(new AdminFiles(null, directory).proxyAuthorization()).contains(basic);
  }

  /** RFC 6750, 2.1, and RFC 9110, 5.5: there they are none of the value. */
  @Test
  void leavesOutTheBlanksAroundATokenOrAHeader() throws Exception {
    var credentials =
        new Credentials(
            new MountedSecret(
                Map.of("token", " t \n", "header.X-Api-Key", "\tk k ", "hosts", "h")));

    assertThat(credentials.headersFor(url("https://h/")))
        .containsExactlyInAnyOrder(
            new Credentials.Header("Authorization", "Bearer t"),
            new Credentials.Header("X-Api-Key", "k k"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Range",
        "range",
        "If-Range",
        "Accept-Encoding",
        "Content-Length",
        "TE",
        ""
      })
  void refusesAHeaderThatTheSeederSetsItself(String name) {
    var secret = new MountedSecret(Map.of("header." + name, "x", "hosts", "h"));

    assertThatThrownBy(() -> new Credentials(secret))
        .hasMessageContaining("the key header." + name + " of the Secret of spec.source.secretRef ")
        .returns(Reason.SourceAuthFailed, e -> ((SourceException) e).reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "header.X-Api-Key"})
  void refusesALineBreakAndDoesNotShowTheValue(String key, @TempDir Path directory)
      throws Exception {
    Files.writeString(directory.resolve(key), "hunter2\nhunter2\n");
    try (var server = new SourceServer().serve("/x.bin", new byte[10])) {
      Files.writeString(directory.resolve("hosts"), server.url(""));
      var fixture = new FetchFixture(directory.resolve("scratch"), server.url("/x.bin"));
      fixture.secret = directory;

      assertThatThrownBy(fixture::fetch)
          .hasMessageContaining("the key " + key + " of the Secret")
          .hasMessageContaining("has a line break")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void refusesASecretThatIsNotThereAlsoWhereNoneIsNeeded(@TempDir Path directory) throws Exception {
    try (var server = new SourceServer().serve("/x.bin", new byte[10])) {
      var fixture = new FetchFixture(directory.resolve("scratch"), server.url("/x.bin"));
      fixture.secret = Files.createDirectory(directory.resolve("secret"));

      assertThatThrownBy(fixture::fetch)
          .hasMessageContaining("the Secret of spec.source.secretRef does not exist")
          .returns(Reason.SourceAuthFailed, e -> ((SourceException) e).reason());
    }
  }

  @Test
  void neverShowsAValue(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("password"), "hunter2");
    var secret = MountedSecret.read(directory);

    assertThat(secret.value("password")).isEqualTo("hunter2");
    assertThat(secret.toString()).doesNotContain("hunter2");
    assertThat(new Credentials.Header("Authorization", "hunter2").toString())
        .doesNotContain("hunter2");
    assertThat(MountedSecret.read(directory.resolve("absent"))).isEqualTo(MountedSecret.NONE);
  }

  @Test
  void saysThatTheSecretDoesNotExist(@TempDir Path directory) throws Exception {
    var empty = Files.createDirectory(directory.resolve("secret"));

    assertThat(new Credentials(MountedSecret.read(empty)).whyNone(url("https://files.example/x")))
        .contains("the Secret that spec.source.secretRef names does not exist");
  }

  private static SourceUrl url(String text) throws SourceException {
    return SourceUrl.parse(text);
  }
}

package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  @Test
  void goesOnlyToHostsThatTheSecretNames() throws Exception {
    var credentials =
        new Credentials(
            new Secret(Map.of("token", "t", "hosts", "files.example, b.example:8443\n")));

    assertThat(credentials.headersFor(url("https://files.example/x")))
        .containsExactly(new Credentials.Header("Authorization", "Bearer t"));
    assertThat(credentials.headersFor(url("https://FILES.example:444/x"))).hasSize(1);
    assertThat(credentials.headersFor(url("https://b.example:8443/x"))).hasSize(1);
    assertThat(credentials.headersFor(url("https://b.example/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://xfiles.example/x"))).isEmpty();
    assertThat(credentials.headersFor(url("https://files.example.evil/x"))).isEmpty();
  }

  @Test
  void goesNowhereWithoutHosts() throws Exception {
    var credentials = new Credentials(new Secret(Map.of("username", "u", "password", "p")));

    assertThat(credentials.headersFor(url("https://files.example/x"))).isEmpty();
    assertThat(credentials.whyNone(url("https://files.example/x")))
        .contains("the key hosts of the Secret does not name files.example");
  }

  @Test
  void sendsHeadersOfAnyNameAndBasicAuthentication() throws Exception {
    var credentials =
        new Credentials(
            new Secret(
                Map.of("username", "u", "password", "p\n", "header.X-Api-Key", "k", "hosts", "h")));

    assertThat(credentials.headersFor(url("http://h/")))
        .containsExactlyInAnyOrder(
            new Credentials.Header("Authorization", "Basic dTpw"),
            new Credentials.Header("X-Api-Key", "k"));
  }

  @Test
  void neverShowsAValue(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("password"), "hunter2");
    var secret = Secret.read(directory);

    assertThat(secret.value("password")).isEqualTo("hunter2");
    assertThat(secret.toString()).doesNotContain("hunter2");
    assertThat(new Credentials.Header("Authorization", "hunter2").toString())
        .doesNotContain("hunter2");
    assertThat(Secret.read(directory.resolve("absent"))).isEqualTo(Secret.NONE);
  }

  private static SourceUrl url(String text) throws SourceException {
    return SourceUrl.parse(text);
  }
}

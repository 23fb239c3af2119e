package dev.corvid.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** {@code make images PUSH=…} says at once, and in a sentence, that it cannot end well. */
class RegistryCheckTest {
  @Test
  void aRegistryThatCannotBeReachedIsNamed() throws IOException {
    var closed = "127.0.0.1:" + closedPort();

    var check = check(closed + "/corvid");

    assertThat(check.out()).contains("takes https", "docker login " + closed);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.err())
        .contains("the registry " + closed + " does not answer by https")
        .contains("Correct PUSH=" + closed + "/corvid");
  }

  @Test
  void aRegistryWithoutTlsIsRefused() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> refuse(server));

      var check = check("127.0.0.1:" + server.getLocalPort() + "/corvid");

      assertThat(check.exitCode()).isEqualTo(1);
      assertThat(check.err()).contains("does not answer by https");
    }
  }

  /** As an HTTP server does with what is no HTTP. */
  private static void refuse(ServerSocket server) {
    try (var client = server.accept()) {
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
    } catch (IOException e) {
      // the client has had enough
    }
  }

  @Test
  void afterAFailureItSaysWhoseLoginIsMissing() {
    var said = registry("failed", "registry.example.com/corvid").err();

    assertThat(said)
        .contains("docker login registry.example.com", "registry.example.com/corvid/peer")
        .hasLineCount(1);
    assertThat(registry("failed", "someone").err()).contains("`docker login`");
  }

  private static Command.Outcome check(String prefix) {
    return registry("check", prefix);
  }

  private static Command.Outcome registry(String... words) {
    var script = Checkout.root().resolve(".ci/registry").toString();
    return Command.of(script).and(words).outcome("");
  }

  /** The kernel gives it to somebody else only after all others. */
  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

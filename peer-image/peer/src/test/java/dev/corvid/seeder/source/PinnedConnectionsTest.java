package dev.corvid.seeder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.seeder.fetch.SourceServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PinnedConnectionsTest {
  /** A source may redirect to another host each time that it is asked. */
  @Test
  void eachNewHostDoesNotCostAThreadForGood() throws Exception {
    long before = selectors();
    try (var server = new SourceServer().serve("/x", new byte[10]);
        var connections =
            new PinnedConnections(
                new AddressPolicy(List.of(Cidr.parse("127.0.0.0/8")), List.of()),
                host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                new TrustStore(List.of()),
                Optional.empty(),
                new SourceTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30)))) {
      for (int i = 0; i < 100; i++) {
        var url = SourceUrl.parse("http://h%d.test:%d/x".formatted(i, server.port()));
        var request = new HttpTransport.Request(url, false, Optional.empty(), it -> {}, null);
        try (var body = connections.send(request).body()) {
          assertThat(body.readAllBytes()).hasSize(10);
        }
      }

      await().until(() -> selectors() - before <= 32);
    }
  }

  private static long selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("SelectorManager"))
        .count();
  }
}

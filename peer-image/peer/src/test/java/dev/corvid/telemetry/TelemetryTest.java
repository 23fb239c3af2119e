package dev.corvid.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final AtomicReference<Optional<String>> trouble =
      new AtomicReference<>(Optional.of("no neighbours yet"));

  @Test
  void answersProbesAndMetrics() throws Exception {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Telemetry telemetry = Telemetry.open(listen, Health.ready(trouble::get));
        HttpClient client = HttpClient.newHttpClient()) {
      telemetry.meters().counter("corvid.test.events", "kind", "seen").increment(3);

      assertThat(get(client, telemetry, "/livez").statusCode()).isEqualTo(200);
      HttpResponse<String> waiting = get(client, telemetry, "/readyz");
      assertThat(waiting.statusCode()).isEqualTo(503);
      assertThat(waiting.body()).isEqualTo("no neighbours yet\n");
      trouble.set(Optional.empty());
      assertThat(get(client, telemetry, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(client, telemetry, "/metrics").body())
          .contains("corvid_test_events_total{kind=\"seen\"} 3.0")
          .contains("jvm_memory_used_bytes")
          .contains("process_cpu_usage");
      assertThat(get(client, telemetry, "/elsewhere").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void saysWhichAddressIsTaken() throws Exception {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Telemetry first = Telemetry.open(listen, Health.ready(trouble::get))) {
      assertThatThrownBy(() -> Telemetry.open(first.address(), Health.ready(trouble::get)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(first.address().getPort()));
    }
  }

  private static HttpResponse<String> get(HttpClient client, Telemetry telemetry, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + telemetry.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}

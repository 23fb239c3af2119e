package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.operator.release.Given;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventNoteTest {
  private final BlockingQueue<String> created = new LinkedBlockingQueue<>();

  /** The API server counts the note in bytes, and would refuse the Event. */
  @Test
  void aMessageThatIsNotInEnglishFitsIntoAnEvent() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::create);
    server.start();
    var config =
        new ConfigBuilder()
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      List<Condition> news =
          new Conditions(List.of(), 1, NOW)
              .add("Ready", "False", "RequestRefused", "配".repeat(1000))
              .build();

      new ConditionEvents(client, "operator-1")
          .tell(Given.release("suspend: false"), news, new EventSeries(), Given.at(NOW));

      String body = created.poll(60, TimeUnit.SECONDS);
      String note = Serialization.unmarshal(body, Event.class).getNote();
      assertThat(note).startsWith("配配").hasSizeGreaterThan(300);
      assertThat(note.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
    } finally {
      server.stop(0);
    }
  }

  private void create(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    created.add(new String(body, StandardCharsets.UTF_8));
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(201, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}

package dev.corvid.operator.release.seeder;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.operator.release.Given;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.EventListBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that lists Events as the API server does: by name, in pages. */
class PodWarningsTest {
  private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("[?&]continue=(\\d+)");

  private final Pod pod =
      new PodBuilder()
          .withNewMetadata()
          .withName("seeder")
          .withNamespace("search")
          .withUid("1-2")
          .endMetadata()
          .withNewStatus()
          .withPhase("Pending")
          .endStatus()
          .build();
  private final List<Event> events = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean refuses;
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void whatIsKnownStandsWhileTheEventsCannotBeRead() {
    var start = new SeederStartup();
    var warnings = new PodWarnings(client);
    event("a", "secret nope not found", NOW);
    start.look(pod, warnings::last, Given.UPTIME);
    var later = start.next();
    start.look(pod, warnings::last, later);
    assertThat(start.problem().message()).contains("secret nope not found");

    refuses = true;
    start.look(pod, warnings::last, start.next());

    assertThat(requests).hasValue(2);
    assertThat(start.problem()).isNotNull();
    assertThat(start.problem().message()).contains("secret nope not found");
  }

  @Test
  void theLatestIsFoundWhereverItIsInTheList() {
    for (int i = 0; i < 45; i++) {
      event("a" + i, "old", NOW);
    }
    event("b", "latest", NOW.plusSeconds(1));
    var start = new SeederStartup();
    var warnings = new PodWarnings(client);
    start.look(pod, warnings::last, Given.UPTIME);
    start.look(pod, warnings::last, start.next());

    assertThat(start.problem().message()).endsWith("latest");
  }

  private void event(String name, String message, Instant time) {
    events.add(
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withReason("FailedMount")
            .withMessage(message)
            .withLastTimestamp(time.toString())
            .build());
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    String query = exchange.getRequestURI().toString();
    int from = number(CONTINUE.matcher(query), 0);
    int to = Math.min(events.size(), from + number(LIMIT.matcher(query), events.size()));
    var list =
        new EventListBuilder()
            .withItems(events.subList(from, to))
            .withNewMetadata()
            .withContinue(to < events.size() ? Integer.toString(to) : null)
            .endMetadata()
            .build();
    byte[] body = (refuses ? "no" : Serialization.asJson(list)).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(refuses ? 403 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static int number(Matcher found, int otherwise) {
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }
}

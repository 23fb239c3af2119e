package dev.corvid.operator.release.volume;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.operator.release.Given;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that lists pods as the API server does: in pages, if it is asked for them. */
class ClaimPodsListTest {
  private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("[?&]continue=(\\d+)");

  private final List<Pod> pods = new ArrayList<>();
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
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
                    .withConnectionTimeout(60_000)
                    .withRequestTimeout(60_000)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  /** A tenant may make each of its pods as large as the API server takes. */
  @Test
  void noMoreThanAPageOfATenantsPodsIsInMemory() {
    String claim = Given.release("").getMetadata().getName();
    for (int i = 0; i < 50; i++) {
      pods.add(pod("other-" + i, "another-claim"));
    }
    pods.add(3, pod("first", claim));
    pods.add(pod("last", claim));

    var listed = ClaimPods.list(Given.release(""), client);

    assertThat(sizes).containsExactly(20, 20, 12);
    assertThat(listed.users().names()).containsExactly("first", "last");
    assertThat(listed.nodes()).containsExactly("node-1");
    assertThat(listed.pods())
        .allSatisfy(pod -> assertThat(pod.getSpec().getVolumes()).isEmpty())
        .allSatisfy(pod -> assertThat(pod.getMetadata().getAnnotations()).isEmpty());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().toString();
    int from = number(CONTINUE.matcher(query), 0);
    int to = Math.min(pods.size(), from + number(LIMIT.matcher(query), pods.size()));
    sizes.add(to - from);
    var list =
        new PodListBuilder()
            .withNewMetadata()
            .withContinue(to < pods.size() ? Integer.toString(to) : null)
            .endMetadata()
            .withItems(pods.subList(from, to))
            .build();
    byte[] body = Serialization.asJson(list).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static int number(Matcher found, int otherwise) {
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }

  private static Pod pod(String name, String claim) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withCreationTimestamp(NOW.toString())
        .addToAnnotations("large", "x".repeat(1000))
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .addNewVolume()
        .withName("model")
        .withNewPersistentVolumeClaim(claim, true)
        .endVolume()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .endStatus()
        .build();
  }
}

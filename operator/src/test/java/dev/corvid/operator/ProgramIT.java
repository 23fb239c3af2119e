package dev.corvid.operator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.RefusingPolicy;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.reference.Scraped;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as processes: one leads, another takes over. */
@ExtendWith(RealApi.class)
class ProgramIT {
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

  /** Where these are set, Java writes a line that says so. */
  private static final Set<String> LINES_OF_JAVA =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final String OWN = TestCluster.OPERATOR_NAMESPACE;

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private ApiServer server;
  private KubernetesClient client;
  private TestCluster cluster;
  private TestTracker tracker;

  @BeforeEach
  void install(ApiServer apiServer) throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(120));
    server = apiServer;
    client = server.client();
    cluster = new TestCluster(client);
    cluster.install(Path.of("../crds/swarmreleases.corvid.dev.yaml"));
    tracker = new TestTracker();
    Files.writeString(directory.resolve("token"), "token");
    Files.writeString(directory.resolve("config.json"), "{\"peerImage\":\"corvid/peer:test\"}");
    Files.writeString(
        directory.resolve("roots.json"),
        "{\"roots\":[{\"name\":\"default\",\"hostPath\":\"/var/lib/corvid/default\"}]}");
  }

  @AfterEach
  void end() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
    http.close();
    tracker.close();
    client.close();
  }

  /** Labelled as a record, and deeper than Jackson reads by itself. */
  private void nested(String name) {
    client.raw(
        "/apis/apps/v1/namespaces/search/controllerrevisions",
        "POST",
        """
        {"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1, "data": {"a": %s%s},
         "metadata": {"name": "%s", "labels": {
           "app.kubernetes.io/managed-by": "corvid-operator",
           "app.kubernetes.io/component": "revision",
           "corvid.dev/release": "model"}}}
        """
            .formatted("[".repeat(5_000), "]".repeat(5_000), name));
  }

  @Test
  void leadsIsHealthyAndTellsFigures() throws Exception {
    cluster.namespace("search");
    nested("in-the-list");
    int port = start("one");

    await().until(() -> "one".equals(leaderTasks()));
    await().until(() -> isReady(port));
    await().until(() -> tracker.isComplete());

    nested("in-the-watch");
    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: search}
        spec: {source: {http: {url: "https://a.example/m.bin"}}, nodes: {selector: {matchLabels: {of: ProgramIT}}, minimum: 1}}
        """);
    await()
        .untilAsserted(
            () -> assertThat(get(port, "/q/metrics").body()).contains("reason=\"NoNodesMatched\""));

    String metrics = get(port, "/q/metrics").body();
    assertThat(metrics).contains("reconciliations_active");
    Scraped.of(metrics).isWellNamed().isDocumentedAs("Operator");
    // An annotation alone, which is no edit of the spec, wakes it.
    cluster
        .release("search", "model")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"corvid.dev/hold\":\"yes\"}}}");
    cluster.awaitRelease(
        "search",
        "model",
        release ->
            release.getStatus().conditions().stream()
                .anyMatch(condition -> "AnnotationIgnored".equals(condition.getType())));
    cluster.release("search", "model").delete();
    await().until(() -> cluster.release("search", "model").get() == null);
    processes.getFirst().destroy();
    assertThat(processes.getFirst().waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(log("one"))) {
      JsonNode json = new ObjectMapper().readTree(line);
      for (String key : List.of("time", "level", "logger", "message")) {
        assertThat(json.path(key).asText()).as("%s in %s", key, line).isNotEmpty();
      }
      assertThat(json.path("time").asText()).endsWith("Z");
      assertThat(json.has("mdc")).isFalse();
      if (json.has("event")) {
        assertThat(json.path("release").asText()).isEqualTo("search/model");
        events.add(json);
      }
    }
    assertThat(events.getFirst().path("event").asText()).isEqualTo("ReleaseSeen");
    assertThat(events)
        .anySatisfy(event -> assertThat(event.path("reason").asText()).isEqualTo("NoNodesMatched"));
  }

  /** The framework's request, which is refused before our code sees the release. */
  @Test
  void tellsThatAFinalizerCannotBeAdded() throws Exception {
    start("one");
    await().until(() -> "one".equals(leaderTasks()));
    cluster.namespace("held");
    try (var policy = RefusingPolicy.of(client, "held", "corvid.dev", "swarmreleases", "UPDATE")) {
      cluster.apply(
          """
          apiVersion: corvid.dev/v1alpha1
          kind: SwarmRelease
          metadata: {name: model, namespace: held}
          spec: {source: {http: {url: "https://a.example/m.bin"}}, nodes: {selector: {matchLabels: {of: ProgramIT}}, minimum: 1}}
          """);

      assertThat(awaitReady("held", "RequestRefused")).contains(RefusingPolicy.WORDS);
    }
    awaitReady("held", "NoNodesMatched");
    cluster.release("held", "model").delete();
    await().until(() -> cluster.release("held", "model").get() == null);
  }

  /** Returns Ready's message when it has that reason. */
  private String awaitReady(String namespace, String reason) {
    SwarmRelease found =
        cluster.awaitRelease(
            namespace, "model", release -> Installation.is(release, "False", reason));
    return Installation.ready(found).getMessage();
  }

  /** Neither those that send nothing, nor those whose request never ends. */
  @Test
  void heldConnectionsDoNotStopProbes() throws Exception {
    int port = start("one");
    await().until(() -> isReady(port));
    List<Socket> held = new ArrayList<>();
    try (var clock = Executors.newSingleThreadScheduledExecutor()) {
      for (int i = 0; i < 300; i++) {
        // From another address than the probes.
        held.add(
            new Socket(
                InetAddress.getLoopbackAddress(), port, InetAddress.getByName("127.0.0.2"), 0));
      }
      for (Socket slow : held.subList(200, 300)) {
        slow.getOutputStream().write("GET /q/health/live HTTP/1.1\r\nX: ".getBytes(US_ASCII));
        clock.scheduleAtFixedRate(() -> sendByte(slow), 1, 1, TimeUnit.SECONDS);
      }

      assertThat(get(port, "/q/health/live").statusCode()).isEqualTo(200);
      for (Socket each : held) {
        assertThat(isClosedByServer(each)).as("closed, after seconds").isTrue();
      }
      assertThat(get(port, "/q/health/live").statusCode()).isEqualTo(200);
      clock.shutdownNow();
    } finally {
      for (Socket each : held) {
        each.close();
      }
    }
  }

  /** Ends without a word once the server has closed it. */
  private static void sendByte(Socket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isClosedByServer(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset: something sent was on its way
    }
  }

  @Test
  void handsItsLeaseOverWhenToldToEnd() throws Exception {
    start("first");
    await().until(() -> "first".equals(leaderTasks()));
    int port = start("second");
    await().until(() -> isReady(port));

    processes.getFirst().destroy();

    // Without the release it would take until the lease runs out, 15 s.
    await().atMost(Duration.ofSeconds(12)).until(() -> "second".equals(leaderTasks()));
    assertThat(processes.getFirst().waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Starts it with that name and returns the port of its probes. */
  private int start(String name) throws IOException {
    int port = freePort();
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                JAR.toString())
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile());
    var environment = builder.environment();
    environment.keySet().removeAll(LINES_OF_JAVA);
    environment.put("KUBECONFIG", server.kubeconfig().toString());
    environment.put("POD_NAME", name);
    environment.put("POD_NAMESPACE", OWN);
    environment.put("CORVID_CONFIG", directory.toString());
    environment.put("CORVID_TOKEN", directory.resolve("token").toString());
    environment.put("CORVID_TRACKER", tracker.url().toString());
    environment.put("CORVID_HTTP_HOST", "127.0.0.1");
    environment.put("CORVID_HTTP_PORT", Integer.toString(port));
    processes.add(builder.start());
    return port;
  }

  private String leaderTasks() {
    var lease = client.leases().inNamespace(OWN).withName(ResourceNames.OPERATOR).get();
    return lease == null ? null : lease.getSpec().getHolderIdentity();
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  /** False while it does not even listen. */
  private boolean isReady(int port) throws Exception {
    try {
      return get(port, "/q/health/ready").statusCode() == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Accept", "text/plain;version=0.0.4")
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

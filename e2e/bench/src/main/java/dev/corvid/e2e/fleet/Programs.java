package dev.corvid.e2e.fleet;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Daemon;
import dev.corvid.e2e.bench.program.ImageSettings;
import dev.corvid.e2e.cluster.ControlPlane;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Trust;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Operator and tracker, as their containers would run them: the same settings, arguments and
 * memory, but as processes on loopback.
 */
final class Programs implements AutoCloseable {
  static final String SYSTEM = "corvid-system";
  static final String OPERATOR = "system:serviceaccount:" + SYSTEM + ":corvid-operator";

  private static final long WAIT_SECONDS = 60;

  private final ControlPlane control;
  private final Path folder;
  private final InetSocketAddress trackerAddress;
  private final int trackerHttp;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Daemon operator;
  private Daemon tracker;

  /**
   * Starts both.
   *
   * @param folder for configuration and logs
   */
  Programs(ControlPlane control, Path folder) throws IOException {
    this.control = control;
    this.folder = folder;
    this.trackerAddress = new InetSocketAddress("127.0.0.1", ControlPlane.freePort());
    this.trackerHttp = ControlPlane.freePort();
    this.operator = startOperator();
    try {
      mountTrust();
      startTracker();
    } catch (IOException | RuntimeException e) {
      operator.close();
      throw e;
    }
  }

  /** Whether the program was built that far. */
  static boolean areBuilt() {
    return Files.exists(operatorJar()) && Files.exists(peerCache());
  }

  private static Path operatorJar() {
    return Checkout.root().resolve("operator/target/quarkus-app/quarkus-run.jar");
  }

  private static Path peerJar() {
    return Checkout.root().resolve("peer-image/peer/target/corvid-peer.jar");
  }

  private static Path peerCache() {
    return Checkout.root().resolve("peer-image/peer/target/corvid-peer.aot");
  }

  InetSocketAddress trackerAddress() {
    return trackerAddress;
  }

  Daemon operator() {
    return operator;
  }

  Daemon tracker() {
    return tracker;
  }

  void killTracker() {
    tracker.kill();
  }

  /** Bodies between the operator and the tracker that runs, by the tracker's own count. */
  double operatorBytes() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(trackerUrl(trackerHttp) + "/metrics")).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("corvid_tracker_bytes_total"))
        .filter(line -> line.contains("kind=\"push\"") || line.contains("kind=\"fleet\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Daemon startOperator() throws IOException {
    var client = control.client();
    var deployment = deployment("corvid-operator");
    client
        .configMaps()
        .inNamespace(SYSTEM)
        .withName("corvid-config")
        .require()
        .getData()
        .forEach(this::write);
    write("token", Kubelets.token(client, SYSTEM, "corvid-operator", List.of(Wire.AUDIENCE)));
    var api = Kubelets.token(client, SYSTEM, "corvid-operator", List.of());
    var words = java(deployment);
    words.addAll(ImageSettings.options(Checkout.root().resolve("operator")));
    words.addAll(List.of("-jar", operatorJar().toString()));
    return new Daemon(
        words,
        Map.ofEntries(
            Map.entry("MALLOC_ARENA_MAX", "2"),
            Map.entry("KUBECONFIG", control.kubeconfig("operator", api).toString()),
            Map.entry("POD_NAME", "corvid-operator-0"),
            Map.entry("POD_NAMESPACE", SYSTEM),
            Map.entry("CORVID_CONFIG", folder.toString()),
            Map.entry("CORVID_TOKEN", folder.resolve("token").toString()),
            Map.entry("CORVID_TRACKER", trackerUrl(trackerAddress.getPort())),
            Map.entry("CORVID_HTTP_HOST", "127.0.0.1"),
            Map.entry("CORVID_HTTP_PORT", Integer.toString(ControlPlane.freePort()))),
        folder.resolve("operator.log"));
  }

  private void mountTrust() {
    var trust =
        control
            .client()
            .configMaps()
            .inNamespace(SYSTEM)
            .withName("corvid-trust")
            .waitUntilCondition(found -> found != null, WAIT_SECONDS, TimeUnit.SECONDS);
    write(Trust.FILE, trust.getData().get(Trust.FILE));
  }

  /** As the Deployment says that the operator made; the addresses are those of this machine. */
  void startTracker() throws IOException {
    var deployment = deployment("corvid-tracker");
    var container = container(deployment);
    var words = java(deployment);
    words.addAll(ImageSettings.options(Checkout.root().resolve("peer-image/peer"), peerCache()));
    container.getCommand().stream().filter(word -> word.startsWith("-X")).forEach(words::add);
    words.addAll(List.of("-jar", peerJar().toString()));
    var places =
        Map.of(
            "--listen", "127.0.0.1:" + trackerAddress.getPort(),
            "--http", "127.0.0.1:" + trackerHttp,
            "--trust", folder.resolve(Trust.FILE).toString());
    var before = "";
    for (var argument : container.getArgs()) {
      words.add(places.getOrDefault(before, argument));
      before = argument;
    }
    var environment = new java.util.HashMap<>(Map.of("MALLOC_ARENA_MAX", "2"));
    environment.putAll(
        container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)));
    tracker = new Daemon(words, environment, folder.resolve("tracker.log"));
  }

  private Deployment deployment(String name) {
    return control
        .client()
        .apps()
        .deployments()
        .inNamespace(SYSTEM)
        .withName(name)
        .waitUntilCondition(found -> found != null, WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static Container container(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  /** The images' own Java, which believes to have the memory of the container's limit. */
  private static List<String> java(Deployment deployment) {
    var limit = container(deployment).getResources().getLimits().get("memory");
    return new ArrayList<>(
        List.of(
            ImageSettings.java().toString(),
            "-XX:MaxRAM=" + Quantity.getAmountInBytes(limit).toBigInteger()));
  }

  private static String trackerUrl(int port) {
    return "http://127.0.0.1:" + port;
  }

  private void write(String file, String content) {
    try {
      Files.writeString(folder.resolve(file), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    operator.close();
    if (tracker != null) {
      tracker.close();
    }
  }
}

package dev.corvid.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Flux's source-controller and kustomize-controller and an OCI registry, as processes on loopback
 * beside the API server. The programs are those of {@code e2e/flux}, in the folder that the
 * variable {@value #VARIABLE} names.
 */
public final class Flux implements AutoCloseable {
  public static final String VARIABLE = "CORVID_FLUX";

  private static final int ATTEMPTS = 3;

  private final Path programs = Path.of(System.getenv(VARIABLE));
  private final Path directory;
  private final Path kubeconfig;
  private final List<Process> processes = new ArrayList<>();
  private final Thread atExit = new Thread(this::end);
  private String registry;

  private Flux(Path kubeconfig, Path directory) {
    this.kubeconfig = kubeconfig;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Returns when the controllers run.
   *
   * @param directory for their logs and what they keep
   */
  public static Flux start(ApiServer server, Path directory) throws Exception {
    Files.createDirectories(directory);
    var flux = new Flux(server.kubeconfig(), directory);
    try {
      try (KubernetesClient client = server.client()) {
        flux.installDefinitions(client);
      }
      flux.startRegistry();
      flux.startSourceController();
      flux.startKustomizeController();
      return flux;
    } catch (Exception e) {
      flux.close();
      throw e;
    }
  }

  /** Module and version of each program, a line each. */
  public List<String> versions() throws IOException {
    return Files.readAllLines(programs.resolve("versions"));
  }

  /** Where a repository of that name is, for an OCIRepository. */
  public String url(String repository) {
    return "oci://" + registry + "/" + repository;
  }

  /**
   * As {@code flux push artifact} does.
   *
   * @return the artifact's digest
   */
  public String push(String repository, String tag, Map<String, String> files) throws Exception {
    Path folder = Files.createTempDirectory(directory, "pushed");
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    String reference = registry + "/" + repository + ":" + tag;
    Process push = launch("push", "registry", "push", reference, folder.toString());
    push.getOutputStream().close();
    String pushed = new String(push.getInputStream().readAllBytes(), UTF_8).strip();
    if (push.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(log("push")));
    }
    return pushed.substring(pushed.indexOf('@') + 1);
  }

  /** Whether one of the processes is gone. */
  public boolean hasEnded() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  private void installDefinitions(KubernetesClient client) throws IOException {
    try (var files = Files.list(programs.resolve("crds"))) {
      for (Path file : files.toList()) {
        var definition =
            client
                .getKubernetesSerialization()
                .unmarshal(Files.readString(file), CustomResourceDefinition.class);
        client.resource(definition).serverSideApply();
        client.resource(definition).waitUntilCondition(Flux::isEstablished, 60, TimeUnit.SECONDS);
      }
    }
  }

  private static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private void startRegistry() throws IOException {
    Process process = run("registry", "serve");
    var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    registry = output.readLine();
    if (registry == null) {
      throw new IllegalStateException(Files.readString(log("registry")));
    }
  }

  /** It has to be told its own address: a port that was free may be taken before it listens. */
  private void startSourceController() throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      String address = "127.0.0.1:" + port;
      Process process =
          run(
              "source-controller",
              "--storage-path=" + Files.createDirectories(directory.resolve("storage")),
              "--storage-addr=" + address,
              "--storage-adv-addr=" + address,
              "--metrics-addr=0",
              "--health-addr=0",
              "--interval-jitter-percentage=0");
      await().atMost(Duration.ofSeconds(120)).until(() -> !process.isAlive() || answers(port));
      if (process.isAlive()) {
        return;
      }
      String why = Files.readString(log("source-controller"));
      if (attempt == ATTEMPTS || !why.contains("address already in use")) {
        throw new IllegalStateException("source-controller does not start:\n" + why);
      }
      processes.remove(process);
    }
  }

  private void startKustomizeController() throws IOException {
    run(
        "kustomize-controller",
        "--metrics-addr=0",
        "--health-addr=0",
        "--interval-jitter-percentage=0",
        "--requeue-dependency=1s");
  }

  private Process run(String program, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Process process = launch(program, command.toArray(String[]::new));
    processes.add(process);
    return process;
  }

  /** With nothing of this process's environment: no proxy and no credentials are found there. */
  private Process launch(String name, String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectError(log(name).toFile());
    builder.command().set(0, programs.resolve(command[0]).toString());
    if (!command[0].equals("registry")) {
      builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
    }
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG", kubeconfig.toString(),
                "HOME", directory.toString(),
                "TMPDIR", temporary.toAbsolutePath().toString(),
                "RUNTIME_NAMESPACE", "default"));
    return builder.start();
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private static boolean answers(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
    processes.forEach(process -> process.onExit().join());
  }
}

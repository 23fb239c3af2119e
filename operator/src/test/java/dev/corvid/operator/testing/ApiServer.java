package dev.corvid.operator.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.operator.StoredJson;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A real kube-apiserver with etcd on loopback, without controllers: nothing happens in it that a
 * test does not do. The binary is the one of {@code e2e/kubernetes}, named by the variable {@value
 * #VARIABLE} or found in its cache.
 */
public final class ApiServer implements AutoCloseable {
  public static final String VARIABLE = "CORVID_KUBES";

  private static final int ATTEMPTS = 3;

  /** On a machine that compiles beside it, the first definition takes longer than ten seconds. */
  private static final int REQUEST_MILLIS = 60_000;

  private final Path directory;
  private final String token = UUID.randomUUID().toString();
  private final List<Process> processes = new ArrayList<>();
  private final int port;

  private ApiServer(Path binary) throws IOException {
    directory = Files.createTempDirectory("corvid-apiserver");
    int etcd = freePort();
    port = freePort();
    Files.writeString(directory.resolve("tokens"), token + ",admin,admin,\"system:masters\"\n");
    writeKeys();
    String etcdUrl = "http://127.0.0.1:" + etcd;
    run(
        "etcd",
        List.of(
            binary.toString(),
            "etcd",
            "--data-dir=" + directory.resolve("etcd"),
            "--unsafe-no-fsync",
            "--listen-client-urls=" + etcdUrl,
            "--advertise-client-urls=" + etcdUrl,
            "--listen-peer-urls=http://127.0.0.1:" + freePort()));
    run(
        "apiserver",
        List.of(
            binary.toString(),
            "apiserver",
            "--etcd-servers=" + etcdUrl,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + directory.resolve("certificates"),
            "--service-cluster-ip-range=198.19.0.0/20",
            "--token-auth-file=" + directory.resolve("tokens"),
            "--authorization-mode=RBAC",
            "--service-account-key-file=" + directory.resolve("sa.pub"),
            "--service-account-signing-key-file=" + directory.resolve("sa.key"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--watch-cache-sizes="));
  }

  /** The binary, if this machine has it and {@value #VARIABLE} is not {@code none}. */
  public static Optional<Path> binary() {
    String named = System.getenv(VARIABLE);
    if ("none".equals(named)) {
      return Optional.empty();
    }
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    String home = System.getenv("XDG_CACHE_HOME");
    Path cache = home == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
    Path built = cache.resolve("corvid/kubernetes");
    if (!Files.isDirectory(built)) {
      return Optional.empty();
    }
    try (var versions = Files.list(built)) {
      return versions
          .map(version -> version.resolve("bin/kubes"))
          .filter(Files::isExecutable)
          .max(Comparator.comparing(path -> path.toFile().lastModified()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when it answers. A port that was free may be taken before it listens there. */
  public static ApiServer start(Path binary) throws IOException {
    for (int attempt = 1; ; attempt++) {
      var server = new ApiServer(binary);
      try {
        server.awaitReady();
        return server;
      } catch (RuntimeException e) {
        String why = server.logs();
        boolean again = attempt < ATTEMPTS && why.contains("address already in use");
        server.close();
        if (!again) {
          throw new IllegalStateException("the API server does not start:\n" + why, e);
        }
      }
    }
  }

  private void awaitReady() {
    try (KubernetesClient client = client()) {
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(50))
          .failFast("a process ended", this::hasEnded)
          .ignoreExceptionsInstanceOf(KubernetesClientException.class)
          .until(() -> "ok".equals(client.raw("/readyz")));
    }
  }

  /** The last lines of its processes. */
  private String logs() throws IOException {
    var last = new StringBuilder();
    for (String name : List.of("etcd", "apiserver")) {
      List<String> lines = Files.readAllLines(directory.resolve(name + ".log"));
      lines
          .subList(Math.max(0, lines.size() - 20), lines.size())
          .forEach(line -> last.append(name).append(": ").append(line).append('\n'));
    }
    return last.toString();
  }

  private boolean hasEnded() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  public Config config() {
    return config(token);
  }

  private Config config(String bearer) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://127.0.0.1:" + port)
        .withOauthToken(bearer)
        .withCaCertFile(directory.resolve("certificates/apiserver.crt").toString())
        .withNamespace("default")
        .withRequestTimeout(REQUEST_MILLIS)
        .build();
  }

  /** As an administrator. The caller closes it. */
  public KubernetesClient client() {
    return client(token);
  }

  /** Of a client of an administrator. */
  public KubernetesClientBuilder builder() {
    return builder(token);
  }

  /** As whom the token names. The caller closes it. */
  public KubernetesClient client(String bearer) {
    return builder(bearer).build();
  }

  private KubernetesClientBuilder builder(String bearer) {
    await()
        .atMost(Duration.ofSeconds(60))
        .failFast("a process ended", this::hasEnded)
        .until(() -> Files.exists(directory.resolve("certificates/apiserver.crt")));
    var mapper = new ObjectMapper();
    new StoredJson().customize(mapper);
    return new KubernetesClientBuilder()
        .withConfig(config(bearer))
        .withKubernetesSerialization(new KubernetesSerialization(mapper, true));
  }

  /** For programs that are started, as an administrator. */
  public Path kubeconfig() throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: admin, user: {token: "%s"}}]
        contexts: [{name: test, context: {cluster: test, user: admin}}]
        current-context: test
        """
            .formatted(config().getMasterUrl(), config().getCaCertFile(), token));
  }

  private void run(String name, List<String> command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
  }

  private void writeKeys() throws IOException {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var pair = generator.generateKeyPair();
      writePem("sa.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
      writePem("sa.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void writePem(String file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, base64, type));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) {
      process.destroyForcibly();
      try {
        process.waitFor(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

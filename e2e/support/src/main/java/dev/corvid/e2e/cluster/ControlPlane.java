package dev.corvid.e2e.cluster;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Command;
import dev.corvid.e2e.Daemon;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * etcd, API server and the few controllers that have work although nothing runs: real ones, on
 * loopback, with an audit log. No kubelet, no scheduler, no root.
 */
public final class ControlPlane implements AutoCloseable {
  /** Names the binary of {@code e2e/kubernetes}. */
  static final String VARIABLE = "CORVID_KUBES";

  private static final Duration START = Duration.ofSeconds(60);
  private static final String CONTROLLERS =
      "serviceaccount-controller,namespace-controller,clusterrole-aggregation-controller,"
          + "persistentvolume-binder-controller,"
          + "persistentvolume-protection-controller,persistentvolumeclaim-protection-controller";

  private final Path binary;
  private final Path folder;
  private final String url;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final Deque<Daemon> daemons = new ArrayDeque<>();

  /**
   * Returns when it answers.
   *
   * @param folder for its data, its logs and its audit log; must be empty, and stays
   */
  public ControlPlane(Path binary, Path folder) throws IOException {
    this(binary, folder, List.of());
  }

  /** The same with further flags of the API server. */
  public ControlPlane(Path binary, Path folder, List<String> apiServerFlags) throws IOException {
    this.binary = binary;
    this.folder = folder;
    int port = freePort();
    url = "https://127.0.0.1:" + port;
    var token = UUID.randomUUID().toString();
    kubeconfig = kubeconfig("admin", token);
    Files.writeString(
        folder.resolve("tokens"),
        "%s,admin,admin,\"system:masters\"\n%s,system:kube-controller-manager,controllers,\"system:masters\"\n"
            .formatted(token, token.replace('-', '.')));
    writeKeys();
    try {
      startServers(port, apiServerFlags);
      client = answering();
      start(
          "controller-manager",
          "--kubeconfig=" + kubeconfig("controllers", token.replace('-', '.')),
          "--leader-elect=false",
          "--controllers=" + CONTROLLERS,
          "--secure-port=0");
    } catch (IOException | RuntimeException e) {
      stop();
      throw e;
    }
  }

  /** The binary, if this machine has it and {@value #VARIABLE} is not {@code none}. */
  public static Optional<Path> binary() {
    var named = System.getenv(VARIABLE);
    if ("none".equals(named)) {
      return Optional.empty();
    }
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    var script = Checkout.root().resolve("e2e/kubernetes/build.sh").toString();
    var where = Command.of(script, "where").outcome("");
    return Optional.of(Path.of(where.out().strip(), "bin/kubes"))
        .filter(_ -> where.exitCode() == 0)
        .filter(Files::isExecutable);
  }

  /** As an administrator. */
  public KubernetesClient client() {
    return client;
  }

  /** For Helm: an administrator's. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  public AuditLog auditLog() {
    return new AuditLog(folder.resolve("audit.log"));
  }

  /** For a program that is who the token says. */
  public Path kubeconfig(String name, String token) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: fleet, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: user, user: {token: "%s"}}]
        contexts: [{name: fleet, context: {cluster: fleet, user: user}}]
        current-context: fleet
        """
            .formatted(url, certificate(), token));
  }

  private Path certificate() {
    return folder.resolve("certificates/apiserver.crt");
  }

  private void startServers(int port, List<String> apiServerFlags) throws IOException {
    var etcd = "http://127.0.0.1:" + freePort();
    start(
        "etcd",
        "--data-dir=" + folder.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=warn",
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=http://127.0.0.1:" + freePort());
    var flags = new ArrayList<>(apiServerFlags);
    Collections.addAll(
        flags,
        "--etcd-servers=" + etcd,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + certificate().getParent(),
        "--service-cluster-ip-range=198.19.0.0/20",
        "--allow-privileged=true",
        "--token-auth-file=" + folder.resolve("tokens"),
        "--authorization-mode=RBAC",
        "--service-account-key-file=" + folder.resolve("sa.pub"),
        "--service-account-signing-key-file=" + folder.resolve("sa.key"),
        "--service-account-issuer=https://kubernetes.default.svc",
        "--audit-policy-file=" + Checkout.root().resolve("e2e/cluster/audit.yaml"),
        "--audit-log-path=" + folder.resolve("audit.log"));
    start("apiserver", flags.toArray(String[]::new));
  }

  private void start(String component, String... flags) throws IOException {
    var words = new ArrayList<>(List.of(binary.toString(), component));
    words.addAll(List.of(flags));
    daemons.push(new Daemon(words, Map.of(), folder.resolve(component + ".log")));
  }

  /** Polls, within a limit: the API server has no event that says that it is ready. */
  private KubernetesClient answering() {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      daemons.forEach(Daemon::requireAlive);
      if (Files.exists(certificate())) {
        var asked = Cluster.client(kubeconfig);
        try {
          asked.raw("/readyz");
          return asked;
        } catch (KubernetesClientException e) {
          asked.close();
          if (System.nanoTime() > deadline) {
            throw e;
          }
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the API server starts", e);
    }
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
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, base64, type));
  }

  /** For a server that cannot tell which port the kernel chose. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    client.close();
    stop();
  }

  private void stop() {
    daemons.forEach(Daemon::kill);
  }
}

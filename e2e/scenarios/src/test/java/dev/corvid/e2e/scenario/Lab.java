package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.Cluster;
import dev.corvid.e2e.cluster.Explanation;
import dev.corvid.e2e.cluster.Kubectl;
import dev.corvid.e2e.cluster.Pods;
import dev.corvid.e2e.source.SourceServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The one cluster that all scenarios share, with Corvid installed by its chart, and a source beside
 * it. It is made when the first scenario asks for it, and removed after the last one, unless {@code
 * -Dcluster.keep=true}: then the next run finds it.
 */
public final class Lab implements AutoCloseable {
  public static final String SYSTEM = "corvid-system";
  public static final String OPERATOR = "system:serviceaccount:" + SYSTEM + ":corvid-operator";
  public static final List<String> NODES = List.of("node1", "node2", "node3");

  /** Its pods may read metrics. */
  public static final String MONITORING = "watching";

  /** A root that every namespace may use, and where nothing runs out. */
  public static final String ROOT = "default";

  private static final boolean KEEP = Boolean.getBoolean("cluster.keep");

  private final Cluster cluster = Cluster.named("scenarios");
  private final KubernetesClient client;
  private final SourceServer source;
  private final Path archives;

  public Lab() {
    try {
      boolean anew = !KEEP || !cluster.isUp();
      if (anew) {
        cluster.up(NODES.size(), Map.of("POLICIES", "1"));
      }
      if (anew || Boolean.getBoolean("cluster.load")) {
        loadImages();
      }
      installChart();
      client = cluster.client();
      letFiguresThrough();
      source = SourceServer.start(new InetSocketAddress(cluster.machineAddress(), 0));
      archives = Files.createDirectories(Checkout.root().resolve("e2e/target/archives"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Scenarios read metrics through the API server's proxy. It has an address of its own, so that
   * the chart's policies refuse it; policies add up, and this is one more.
   */
  private void letFiguresThrough() {
    cluster
        .kubectl()
        .apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: figures, namespace: %s}
            spec:
              podSelector: {matchLabels: {app.kubernetes.io/component: peer}}
              policyTypes: [Ingress]
              ingress: [{from: [{ipBlock: {cidr: %s/32}}], ports: [{port: 9090}]}]
            """
                .formatted(SYSTEM, client.getMasterUrl().getHost()));
  }

  /** A network that lets everybody in everywhere, until this is closed. */
  public interface OpenNetwork extends AutoCloseable {
    @Override
    void close();
  }

  /** Takes every policy away. A single one that was left would shut its pods to all others. */
  public OpenNetwork withoutPolicies() {
    installChart("networkPolicies", Map.of("enabled", false));
    kubectl().run("-n", SYSTEM, "delete", "networkpolicies", "--all");
    return () -> {
      installChart();
      letFiguresThrough();
    };
  }

  /** Onto every node that lacks them. */
  public void loadImages() {
    cluster.load(Cluster.images());
  }

  /** The chart with the values of the scenarios; also an upgrade back to them. */
  public void installChart() {
    new Chart(cluster.kubeconfig(), SYSTEM).install(values());
  }

  /** The same with one value more. */
  public void installChart(String value, Object is) {
    var values = new java.util.HashMap<>(values());
    values.put(value, is);
    new Chart(cluster.kubeconfig(), SYSTEM).install(values);
  }

  private static Map<String, Object> values() {
    return Map.of(
        "images",
        Chart.LOCAL_IMAGES,
        "networkPolicies",
        Map.of("monitoringNamespaces", List.of(MONITORING)),
        // Thirty sources that fail in one namespace keep their seeders; by default the others wait.
        "limits",
        Map.of("seedersAtOnce", 100, "scratch", "4Ti"),
        "roots",
        List.of(
            root(ROOT, "/var/lib/corvid/default", Map.of("keepAfterSwitch", "5s")),
            root("private", "/var/lib/corvid/private", Map.of("namespaces", List.of("nobody"))),
            root("narrow", "/var/lib/corvid/narrow", Map.of("quota", "1Mi")),
            root("locked", "/var/lib/corvid/locked", Map.of())));
  }

  private static Map<String, Object> root(String name, String path, Map<String, Object> more) {
    var root = new java.util.HashMap<String, Object>(more);
    root.putAll(Map.of("name", name, "hostPath", path, "reserve", "1%"));
    return root;
  }

  public Cluster cluster() {
    return cluster;
  }

  public KubernetesClient client() {
    return client;
  }

  public Kubectl kubectl() {
    return cluster.kubectl();
  }

  public Pods pods() {
    return new Pods(client);
  }

  public SourceServer source() {
    return source;
  }

  /** A folder for archives, emptied by `make clean`. */
  public Path archives() {
    return archives;
  }

  public static String peerImage() {
    return "corvid/peer:" + Chart.appVersion();
  }

  public String explain(List<String> namespaces) {
    return new Explanation(client).of(namespaces);
  }

  @Override
  public void close() {
    source.close();
    client.close();
    if (!KEEP) {
      cluster.down();
    }
  }
}

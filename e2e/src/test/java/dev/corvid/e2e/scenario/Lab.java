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
final class Lab implements AutoCloseable {
  static final String SYSTEM = "corvid-system";
  static final String OPERATOR = "system:serviceaccount:" + SYSTEM + ":corvid-operator";
  static final List<String> NODES = List.of("node1", "node2", "node3");

  /** A root that every namespace may use, and where nothing runs out. */
  static final String ROOT = "default";

  private static final boolean KEEP = Boolean.getBoolean("cluster.keep");

  private final Cluster cluster = Cluster.named("scenarios");
  private final KubernetesClient client;
  private final SourceServer source;
  private final Path archives;

  Lab() {
    try {
      boolean anew = !KEEP || !cluster.isUp();
      if (anew) {
        cluster.up(NODES.size(), Map.of());
      }
      if (anew || Boolean.getBoolean("cluster.load")) {
        loadImages();
      }
      installChart();
      client = cluster.client();
      source = SourceServer.start(new InetSocketAddress(cluster.machineAddress(), 0));
      archives = Files.createDirectories(Checkout.root().resolve("e2e/target/archives"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Onto every node that lacks them. */
  void loadImages() {
    cluster.load(Cluster.images());
  }

  /** The chart with the values of the scenarios; also an upgrade back to them. */
  void installChart() {
    new Chart(cluster.kubeconfig(), SYSTEM).install(values());
  }

  /** The same with one value more. */
  void installChart(String value, Object is) {
    var values = new java.util.HashMap<>(values());
    values.put(value, is);
    new Chart(cluster.kubeconfig(), SYSTEM).install(values);
  }

  private static Map<String, Object> values() {
    return Map.of(
        "images",
        Map.of("pullPolicy", "Never"),
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

  Cluster cluster() {
    return cluster;
  }

  KubernetesClient client() {
    return client;
  }

  Kubectl kubectl() {
    return cluster.kubectl();
  }

  Pods pods() {
    return new Pods(client);
  }

  SourceServer source() {
    return source;
  }

  /** A folder for archives, emptied by `make clean`. */
  Path archives() {
    return archives;
  }

  static String peerImage() {
    return "corvid/peer:" + Chart.appVersion();
  }

  String explain(List<String> namespaces) {
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

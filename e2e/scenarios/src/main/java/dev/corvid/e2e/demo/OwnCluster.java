package dev.corvid.e2e.demo;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Command;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.Cluster;
import dev.corvid.e2e.cluster.Kubectl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A cluster of this machine, all its links shaped alike, the source's among them. */
final class OwnCluster implements Site {
  static final String NAME = "demo";
  private static final int PORT = 8000;

  private final Cluster cluster = Cluster.named(NAME);
  private final Path target = Checkout.root().resolve("target");
  private final int nodes;
  private final int rate;

  OwnCluster(int nodes, int rate) {
    this.nodes = nodes;
    this.rate = rate;
  }

  @Override
  public void prepare(Screen screen) {
    var images = Cluster.images();
    if (!isAsWanted()) {
      screen.say(nodes + " nodes, every link " + rate + " Mbit/s (Kubernetes is compiled once)");
      cluster.up(nodes, Map.of("RATE", Integer.toString(rate)));
    }
    cluster.rate(rate);
    cluster.load(images);
    link(target.resolve("cluster/kubeconfig"), cluster.kubeconfig());
    link(target.resolve("bin/kubectl"), cluster.kubeconfig().resolveSibling("kubectl"));
  }

  private boolean isAsWanted() {
    return cluster.isUp() && kubectl().run("get", "nodes", "-o", "name").lines().count() == nodes;
  }

  private static void link(Path link, Path to) {
    try {
      Files.createDirectories(link.getParent());
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, to);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public Chart chart() {
    return new Chart(cluster.kubeconfig(), "corvid-system");
  }

  @Override
  public Path kubeconfig() {
    return cluster.kubeconfig();
  }

  @Override
  public Kubectl kubectl() {
    return cluster.kubectl();
  }

  @Override
  public Map<String, Object> values() {
    return Map.of(
        "images",
        Chart.LOCAL_IMAGES,
        "roots",
        List.of(Map.of("name", "default", "hostPath", "/var/lib/corvid/default", "reserve", "3%")));
  }

  @Override
  public String peerImage() {
    return "corvid/peer:" + Chart.appVersion();
  }

  @Override
  public URI serve(Path archive) {
    var address = cluster.outsideAddress() + ":" + PORT;
    var uri = URI.create("http://" + address + "/" + archive.getFileName());
    if (cluster.on("outside", "curl", "-sfI", uri.toString()).outcome("").exitCode() != 0) {
      cluster.startOutside(
          Path.of(System.getProperty("java.home"), "bin/java").toString(),
          "-Xmx64m",
          "-cp",
          System.getProperty("java.class.path"),
          "dev.corvid.e2e.source.SourceServer",
          address,
          archive.getParent().toString());
      cluster
          .on("outside", "curl", "-sfI", "--retry", "30", "--retry-connrefused", uri.toString())
          .run();
    }
    return uri;
  }

  @Override
  public Optional<Instant> firstByteAfter(Instant moment) {
    return SourceLog.firstByteAfter(cluster.outsideLog(), moment);
  }

  @Override
  public Optional<Double> fetchEverywhere(List<String> names, URI archive) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetches = new ArrayList<CompletableFuture<Double>>();
      for (var name : names) {
        fetches.add(CompletableFuture.supplyAsync(() -> fetch(name, archive), threads));
      }
      return fetches.stream().map(CompletableFuture::join).max(Double::compare);
    }
  }

  private double fetch(String node, URI archive) {
    Command curl =
        cluster
            .on(
                node,
                "curl",
                "-sf",
                "-o",
                "/var/tmp/comparison",
                "-w",
                "%{time_total}",
                archive.toString())
            .within(Duration.ofMinutes(30));
    return Double.parseDouble(curl.run());
  }

  @Override
  public List<String> whatNext() {
    return List.of(
        "export KUBECONFIG=" + cluster.kubeconfig() + " PATH=" + target.resolve("bin") + ":$PATH",
        "kubectl -n demo describe swr jdk",
        "kubectl -n demo patch swr jdk --type=merge -p '{\"spec\":{\"source\":{\"files\":{\"exclude\":[\"lib/src.zip\"]}}}}'",
        "kubectl -n demo get swr jdk -w",
        "e2e/cluster/cluster.sh add-node demo; e2e/cluster/cluster.sh cut-node demo node1",
        "make demo-down");
  }
}

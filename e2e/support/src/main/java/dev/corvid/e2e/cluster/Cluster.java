package dev.corvid.e2e.cluster;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Command;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A cluster on this machine, made by {@code e2e/cluster/cluster.sh}. */
public final class Cluster {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** For the deletion of forty releases at once, on a machine that does other things as well. */
  private static final int REQUEST_MILLIS = 120_000;

  private final String name;
  private final Path folder;
  private final Command script;

  private Cluster(String name) {
    var root = Checkout.root();
    this.name = name;
    this.folder = root.resolve("target/cluster").resolve(name);
    this.script = Command.of(root.resolve("e2e/cluster/cluster.sh").toString()).within(LIMIT);
  }

  /** The cluster of this clone with this name, whether or not it is up. */
  public static Cluster named(String name) {
    return new Cluster(name);
  }

  /** The images of this clone, as {@code make images} leaves them. */
  public static List<Path> images() {
    var folder = Checkout.root().resolve("target/images");
    var images = List.of(folder.resolve("corvid-operator.tar"), folder.resolve("corvid-peer.tar"));
    if (!images.stream().allMatch(Files::exists)) {
      throw new IllegalStateException("there are no images in " + folder + ": run `make images`");
    }
    return images;
  }

  /**
   * Takes away what carries the name, and makes it anew; the first one on a machine compiles
   * Kubernetes.
   *
   * @param settings environment of {@code cluster.sh up}: RATE, DISK_SIZE, POLICIES
   */
  public void up(int nodes, Map<String, String> settings) {
    down();
    script
        .and("up", name, Integer.toString(nodes))
        .with(settings)
        .within(Duration.ofMinutes(45))
        .run();
  }

  public void down() {
    script.and("down", name).run();
  }

  public boolean isUp() {
    return Files.exists(kubeconfig())
        && kubectl().with("get", "--raw", "/readyz").outcome("").exitCode() == 0;
  }

  public void load(Collection<Path> images) {
    var load = script.and("load", name);
    for (var image : images) {
      load = load.and(image.toString());
    }
    load.run();
  }

  /** The new node's name. */
  public String addNode() {
    return addNode(Map.of());
  }

  /**
   * The new node's name.
   *
   * @param settings environment of {@code cluster.sh add-node}: DISK_SIZE
   */
  public String addNode(Map<String, String> settings) {
    return script.and("add-node", name).with(settings).run().strip();
  }

  /** The machine and its Node object are gone for good. */
  public void removeNode(String node) {
    script.and("remove-node", name, node).run();
  }

  /** The node's power fails in an instant; its disk stays. */
  public void stop(String node) {
    script.and("stop-node", name, node).run();
  }

  /** Boots a stopped node; returns at once. */
  public void start(String node) {
    script.and("start-node", name, node).run();
  }

  /** Pulls the node's network cable. */
  public void cut(String node) {
    script.and("cut-node", name, node).run();
  }

  public void heal(String node) {
    script.and("heal-node", name, node).run();
  }

  /** These nodes reach each other and nobody else, until {@link #join}. */
  public void split(List<String> nodes) {
    script.and("split", name).and(nodes.toArray(String[]::new)).run();
  }

  public void join() {
    script.and("join", name).run();
  }

  /** The API server answers nobody, and lets nobody go, until {@link #thawApi}. */
  public void freezeApi() {
    script.and("freeze-api", name).run();
  }

  public void thawApi() {
    script.and("thaw-api", name).run();
  }

  /** Shapes one node's link, both directions. */
  public void rate(int megabitsPerSecond, String node) {
    script.and("rate", name, Integer.toString(megabitsPerSecond), node).run();
  }

  /** Shapes every link, both directions; 0 means unshaped. */
  public void rate(int megabitsPerSecond) {
    script.and("rate", name, Integer.toString(megabitsPerSecond)).run();
  }

  /** A command in a node, or on the machine {@code outside} beside the cluster. */
  public Command on(String machine, String... command) {
    return script.and("on", name, machine).and(command);
  }

  /** Starts a server on the machine {@code outside}; it ends with the cluster. */
  public void startOutside(String... command) {
    script.and("start", name).and(command).run();
  }

  /** What the servers on the machine {@code outside} have printed. */
  public String outsideLog() {
    try {
      return Files.readString(folder.resolve("outside.log"));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing was started outside of " + name, e);
    }
  }

  public String logs(int lines) {
    return script.and("logs", name, Integer.toString(lines)).run();
  }

  /** A folder of the node's own disk, as this machine sees it: {@code /var/lib/corvid} there. */
  public Path disk(String node) {
    var machine = folder.resolve("nodes").resolve(node.substring("node".length()));
    return Files.exists(machine.resolve("disk.img")) ? smallDisk(machine) : machine.resolve("disk");
  }

  /** A file system of its own is mounted inside the node only; its processes lead there. */
  private static Path smallDisk(Path machine) {
    try {
      long unshare = Long.parseLong(Files.readString(machine.resolve("pid")).strip());
      long first =
          ProcessHandle.of(unshare).stream()
              .flatMap(ProcessHandle::children)
              .mapToLong(ProcessHandle::pid)
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(machine + " does not run"));
      return Path.of("/proc", Long.toString(first), "root/var/lib/corvid");
    } catch (IOException e) {
      throw new UncheckedIOException("no node at " + machine, e);
    }
  }

  /** This machine's address on the cluster's network. */
  public String machineAddress() {
    return address("machine");
  }

  /** The address of the machine {@code outside}. */
  public String outsideAddress() {
    return address("outside");
  }

  private String address(String machine) {
    try {
      return Files.readString(folder.resolve("addresses/" + machine)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cluster " + name + " is not up", e);
    }
  }

  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  public Kubectl kubectl() {
    return new Kubectl(
        new Command(
            List.of(folder.resolve("kubectl").toString()),
            Map.of("KUBECONFIG", kubeconfig().toString()),
            LIMIT));
  }

  public AuditLog auditLog() {
    return new AuditLog(folder.resolve("audit.log"));
  }

  /** A client with the admin's rights; the caller closes it. */
  public KubernetesClient client() {
    return client(kubeconfig());
  }

  public static KubernetesClient client(Path kubeconfig) {
    var config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestTimeout(REQUEST_MILLIS);
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}

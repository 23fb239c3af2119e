package dev.corvid.e2e.bench.network;

import dev.corvid.e2e.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes, each in a namespace with a link of its own to a router that never limits. The router has
 * room for what watches; what serves all nodes, as a tracker, has a namespace too, so that its
 * bytes can be counted. Closing ends every process inside.
 */
public final class Network implements AutoCloseable {
  private static final String NET = "198.18.0.";
  private static final String LOOPBACK = "127.0.0.";
  private static final String DETOUR = "100";

  private final String id;
  private final Namespace router;
  private Namespace service;
  private final List<Namespace> nodes = new ArrayList<>();

  private Network(String id) {
    this.id = id;
    this.router = new Namespace(id + "-router", NET + "1");
    // A tracker on another address may not name peers on loopback: libtorrent suspects an attack.
    this.service = new Namespace(router.name(), LOOPBACK + "1");
  }

  /** A router with one node a link. */
  public static Network of(List<Link> links) {
    var network = new Network(Leftovers.PREFIX + ProcessHandle.current().pid());
    try {
      network.makeRouter();
      if (!links.stream().allMatch(Link::loopback)) {
        network.addService();
      }
      links.forEach(network::add);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
    return network;
  }

  public Namespace router() {
    return router;
  }

  /** Where a tracker runs, behind an {@code eth0}; in the router if all nodes are. */
  public Namespace service() {
    return service;
  }

  public List<Namespace> nodes() {
    return List.copyOf(nodes);
  }

  /** The router's end of a node's link. */
  public String port(Namespace node) {
    return isRouter(node) ? "lo" : "port" + nodes.indexOf(node);
  }

  /** Leads all that travels between nodes over a device in the router's namespace. */
  public void divert(String device) {
    ip(words("-n", router.name(), "link set", device, "txqueuelen 10000 up"));
    ip(words("-n", router.name(), "route add default dev", device, "table", DETOUR));
    for (var node : nodes) {
      ip(words("-n", router.name(), "rule add iif", port(node), "lookup", DETOUR));
    }
  }

  private boolean isRouter(Namespace node) {
    return node.name().equals(router.name());
  }

  private void makeRouter() {
    ip("netns", "add", router.name());
    ip("-n", router.name(), "addr", "add", router.address() + "/32", "dev", "lo");
    ip("-n", router.name(), "link", "set", "lo", "up");
    Command.of("nsenter", "--net=/run/netns/" + router.name(), "sysctl", "-qw")
        .and("net.ipv4.ip_forward=1", "net.ipv4.conf.default.rp_filter=0")
        .and("net.ipv4.conf.all.rp_filter=0")
        .run();
  }

  private void addService() {
    service = new Namespace(id + "-service", NET + "2");
    connect(service, "service", Link.UNSHAPED);
  }

  private void add(Link link) {
    int index = nodes.size();
    if (link.loopback()) {
      nodes.add(new Namespace(router.name(), LOOPBACK + (10 + index)));
      return;
    }
    var node = new Namespace(id + "-" + index, NET + (10 + index));
    nodes.add(node);
    connect(node, "port" + index, link);
  }

  private void connect(Namespace node, String port, Link link) {
    ip("netns", "add", node.name());
    ip(words("-n", router.name(), "link add", port, "type veth peer name eth0 netns", node.name()));
    ip("-n", router.name(), "link", "set", port, "up");
    ip("-n", router.name(), "route", "add", node.address() + "/32", "dev", port);
    ip("-n", node.name(), "link", "set", "lo", "up");
    ip("-n", node.name(), "addr", "add", node.address() + "/32", "dev", "eth0");
    ip("-n", node.name(), "link", "set", "eth0", "up");
    ip(words("-n", node.name(), "route add default via", router.address(), "dev eth0 onlink"));
    if (link.shaped()) {
      shape(node.name(), "eth0", link);
      shape(router.name(), port, link);
    }
  }

  /** A token bucket: the burst holds a whole 64 KiB segment, the queue the burst and 50 ms. */
  private static void shape(String namespace, String device, Link link) {
    var rate = link.megabits() + "mbit";
    var bucket = "root tbf burst 128kb latency 50ms rate";
    Command.of(words("tc -n", namespace, "qdisc replace dev", device, bucket, rate)).run();
  }

  @Override
  public void close() {
    nodes.stream().filter(node -> !isRouter(node)).forEach(node -> Leftovers.remove(node.name()));
    if (!isRouter(service)) {
      Leftovers.remove(service.name());
    }
    Leftovers.remove(router.name());
  }

  private static void ip(String... words) {
    Command.of("ip").and(words).within(Duration.ofSeconds(20)).run();
  }

  private static String[] words(String... phrases) {
    return String.join(" ", phrases).split(" ");
  }
}

package dev.corvid.e2e.bench.network;

import dev.corvid.e2e.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes, each in a namespace with a link of its own to a router that never limits. The router also
 * has room for what belongs to no node, as a tracker. Closing ends every process inside.
 */
public final class Network implements AutoCloseable {
  private static final String NET = "198.18.0.";

  private final String id;
  private final Namespace router;
  private final List<Namespace> nodes = new ArrayList<>();

  private Network(String id) {
    this.id = id;
    this.router = new Namespace(id + "-router", NET + "1");
  }

  /** A router with one node a link. */
  public static Network of(List<Link> links) {
    var network = new Network(Leftovers.PREFIX + ProcessHandle.current().pid());
    try {
      network.makeRouter();
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

  public List<Namespace> nodes() {
    return List.copyOf(nodes);
  }

  /** The router's end of a node's link. */
  public String port(Namespace node) {
    return "port" + nodes.indexOf(node);
  }

  private void makeRouter() {
    ip("netns", "add", router.name());
    ip("-n", router.name(), "addr", "add", router.address() + "/32", "dev", "lo");
    ip("-n", router.name(), "link", "set", "lo", "up");
    Command.of("nsenter", "--net=/run/netns/" + router.name(), "sysctl", "-qw")
        .and("net.ipv4.ip_forward=1", "net.ipv4.conf.default.rp_filter=0")
        .run();
  }

  private void add(Link link) {
    int index = nodes.size();
    var node = new Namespace(id + "-" + index, NET + (10 + index));
    var port = "port" + index;
    ip("netns", "add", node.name());
    nodes.add(node);
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

  /** A token bucket: the burst holds a whole 64 KiB segment, the queue 50 ms. */
  private static void shape(String namespace, String device, Link link) {
    var rate = link.megabits() + "mbit";
    var bucket = "root tbf burst 128kb latency 50ms rate";
    Command.of(words("tc -n", namespace, "qdisc replace dev", device, bucket, rate)).run();
  }

  @Override
  public void close() {
    nodes.forEach(node -> Leftovers.remove(node.name()));
    Leftovers.remove(router.name());
  }

  private static void ip(String... words) {
    Command.of("ip").and(words).within(Duration.ofSeconds(20)).run();
  }

  private static String[] words(String... phrases) {
    return String.join(" ", phrases).split(" ");
  }
}

package dev.corvid.operator.release.watch;

import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.pod.PodAddresses;
import dev.corvid.wire.operator.Push;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Where nodes are: the zone of each, and the IP of its peer's pod, of the last made one if it has
 * several. Follows the events of Nodes and of peers' pods, one at a time; it concerns the tracker,
 * and no release. Thread-safe.
 */
public final class NodeAddresses {
  private final BiConsumer<String, Push.Node> changed;

  /** By the node's name; an empty one for a node that is in none. */
  private final Map<String, String> zones = new HashMap<>();

  /** Pods of peers, by the node's name and the pod's uid. */
  private final Map<String, Map<String, Peer>> peers = new HashMap<>();

  /** Nodes by the uid of the peer's pod that runs there. */
  private final Map<String, String> nodes = new HashMap<>();

  /** Of two that were made in the same second the greater uid counts as the later one. */
  private record Peer(String created, String uid, String address) {
    static final Comparator<Peer> BY_AGE =
        Comparator.comparing(Peer::created).thenComparing(Peer::uid);

    static Peer of(Pod pod) {
      return new Peer(
          pod.getMetadata().getCreationTimestamp(),
          pod.getMetadata().getUid(),
          PodAddresses.primary(pod).orElse(""));
    }
  }

  /**
   * @param changed told the zone and address of a node that may have changed
   */
  public NodeAddresses(BiConsumer<String, Push.Node> changed) {
    this.changed = changed;
  }

  /** The node exists, with these labels. */
  public synchronized void seen(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    String zone = labels == null ? "" : labels.getOrDefault(ResourceNames.ZONE, "");
    if (!zone.equals(zones.put(node.getMetadata().getName(), zone))) {
      tell(node.getMetadata().getName());
    }
  }

  public synchronized void gone(Node node) {
    zones.remove(node.getMetadata().getName());
    tell(node.getMetadata().getName());
  }

  /** The pod exists, as it is now. */
  public synchronized void seen(Pod pod) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    if (node == null || !Ownership.isPeer(pod)) {
      gone(pod);
      return;
    }
    nodes.put(pod.getMetadata().getUid(), node);
    peers.computeIfAbsent(node, _ -> new HashMap<>()).put(pod.getMetadata().getUid(), Peer.of(pod));
    tell(node);
  }

  public synchronized void gone(Pod pod) {
    String uid = pod.getMetadata().getUid();
    String node = nodes.remove(uid);
    if (node != null) {
      peers.computeIfPresent(
          node,
          (_, left) -> {
            left.remove(uid);
            return left.isEmpty() ? null : left;
          });
      tell(node);
    }
  }

  private void tell(String node) {
    String zone = zones.get(node);
    changed.accept(
        node,
        zone == null
            ? Push.Node.UNKNOWN
            : new Push.Node(zone, address(peers.getOrDefault(node, Map.of()).values())));
  }

  private static String address(Collection<Peer> pods) {
    return pods.stream().max(Peer.BY_AGE).map(Peer::address).orElse("");
  }
}

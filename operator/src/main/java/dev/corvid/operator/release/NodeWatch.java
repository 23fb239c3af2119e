package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.OperatorConfig;
import dev.corvid.operator.Ownership;
import dev.corvid.operator.ResourceNames;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.PeerPlacement;
import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.pod.PodAddresses;
import dev.corvid.time.Uptime;
import dev.corvid.wire.operator.Push;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Nodes, and the peers' pods on them, watched: only what matters to releases wakes them. */
final class NodeWatch {
  private final InformerEventSource<Node, SwarmRelease> nodes;
  private final InformerEventSource<Pod, SwarmRelease> peers;
  private final PeerPlacement placement;
  private final Runnable peersMoved;

  /** By the uid of the peer's pod. */
  private final Map<String, Uptime> knownSince = new ConcurrentHashMap<>();

  /**
   * @param namespace the operator's
   * @param woken the releases that a change concerns
   * @param peersMoved told when the IP of a peer's pod is another one
   */
  NodeWatch(
      EventSourceContext<SwarmRelease> context,
      String namespace,
      OperatorConfig config,
      Function<HasMetadata, Set<ResourceID>> woken,
      Runnable peersMoved) {
    this.placement = new PeerPlacement(config.peer());
    this.peersMoved = peersMoved;
    nodes =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, SwarmRelease.class)
                .withName("nodes")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::node))
                .withInformerListLimit(ReleaseInformers.PAGE)
                .withSecondaryToPrimaryMapper(woken::apply)
                .withOnUpdateFilter(changed(this::matters)::test)
                .build(),
            context);
    peers =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SwarmRelease.class)
                .withName("peers")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::peer))
                .withInformerListLimit(ReleaseInformers.PAGE)
                .withNamespaces(Set.of(namespace))
                .withLabelSelector(selector(config.peerSelector()))
                .withSecondaryToPrimaryMapper(woken::apply)
                .withOnAddFilter(this::isKnownFromNowOn)
                .withOnUpdateFilter(this::concernsReleases)
                .build(),
            context);
  }

  InformerEventSource<Node, SwarmRelease> nodes() {
    return nodes;
  }

  InformerEventSource<Pod, SwarmRelease> peers() {
    return peers;
  }

  /** Where a peer is to run. */
  PeerPlacement placement() {
    return placement;
  }

  /** Every Node. */
  List<Node> all() {
    return nodes.list().toList();
  }

  Set<String> names() {
    return nodes.list().map(node -> node.getMetadata().getName()).collect(Collectors.toSet());
  }

  /** Names of the nodes that exist and whose kubelet is well. */
  Set<String> ready() {
    return nodes
        .list()
        .filter(NodeSelection::isReady)
        .map(node -> node.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** Each node's zone, and the IP of its peer's pod: of the last made one, if it has several. */
  Map<String, Push.Node> places() {
    Map<String, Pod> pods = new HashMap<>();
    peers
        .list()
        .filter(pod -> nodeOf(pod) != null && Ownership.isPeer(pod))
        .forEach(pod -> pods.merge(nodeOf(pod), pod, NodeWatch::later));
    Map<String, Push.Node> places = new HashMap<>();
    nodes
        .list()
        .forEach(
            node -> {
              String name = node.getMetadata().getName();
              Pod pod = pods.get(name);
              var place =
                  new Push.Node(
                      zoneOf(node), pod == null ? null : PodAddresses.primary(pod).orElse(null));
              if (!place.equals(Push.Node.UNKNOWN)) {
                places.put(name, place);
              }
            });
    return places;
  }

  private static String zoneOf(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? null : labels.get(ResourceNames.ZONE);
  }

  private static Pod later(Pod one, Pod other) {
    return ReleaseInformers.OLDEST_FIRST.compare(one, other) > 0 ? one : other;
  }

  /**
   * Since when the peer's pod of each node is known, in whatever phase it is. That is when it was
   * made, or when this process began, from which on all are awaited.
   */
  Map<String, Uptime> peersSince() {
    Map<String, Uptime> since = new HashMap<>();
    Set<String> uids = new HashSet<>();
    peers
        .list()
        .filter(pod -> nodeOf(pod) != null && Ownership.isPeer(pod))
        .forEach(
            pod -> {
              uids.add(pod.getMetadata().getUid());
              since.merge(nodeOf(pod), knownSince(pod), (a, b) -> a.isAfter(b) ? a : b);
            });
    knownSince.keySet().retainAll(uids);
    return since;
  }

  private boolean isKnownFromNowOn(Pod pod) {
    knownSince(pod);
    return true;
  }

  private Uptime knownSince(Pod pod) {
    return knownSince.computeIfAbsent(pod.getMetadata().getUid(), _ -> Uptime.now());
  }

  /** A heartbeat changes a Node every few seconds; these are what a release sees of it. */
  private Object matters(Node node) {
    Map<String, String> labels = new HashMap<>();
    if (node.getMetadata().getLabels() != null) {
      labels.putAll(node.getMetadata().getLabels());
    }
    // Ours say what releases did, not what they are to do.
    labels.keySet().removeIf(key -> key.startsWith(NodeLabel.PREFIX));
    return List.of(labels, NodeSelection.isReady(node), placement.wants(node));
  }

  private boolean concernsReleases(Pod now, Pod before) {
    if (!PodAddresses.primary(now).equals(PodAddresses.primary(before))) {
      peersMoved.run();
    }
    return !Objects.equals(nodeOf(now), nodeOf(before));
  }

  private static String nodeOf(Pod pod) {
    return pod.getSpec() == null ? null : pod.getSpec().getNodeName();
  }

  private static <T> BiPredicate<T, T> changed(Function<T, Object> view) {
    return (now, before) -> !Objects.equals(view.apply(now), view.apply(before));
  }

  private static String selector(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }
}

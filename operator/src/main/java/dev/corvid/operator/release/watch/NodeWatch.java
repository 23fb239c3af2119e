package dev.corvid.operator.release.watch;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.PeerPlacement;
import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes, and the peers' pods on them, watched: only what matters to releases wakes them. */
public final class NodeWatch {
  private final InformerEventSource<Node, SwarmRelease> nodes;
  private final InformerEventSource<Pod, SwarmRelease> peers;
  private final PeerPlacement placement;
  private final PeerAges ages = new PeerAges(Uptime::now);

  /**
   * @param namespace the operator's
   * @param woken the releases that a change concerns
   * @param addresses follows every event, also those that concern no release
   */
  public NodeWatch(
      EventSourceContext<SwarmRelease> context,
      String namespace,
      OperatorConfig config,
      Function<HasMetadata, Set<ResourceID>> woken,
      NodeAddresses addresses) {
    this.placement = new PeerPlacement(config.peer());
    nodes =
        new FollowedSource<>(
            InformerEventSourceConfiguration.from(Node.class, SwarmRelease.class)
                .withName("nodes")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::node))
                .withInformerListLimit(ReleaseInformers.PAGE)
                .withSecondaryToPrimaryMapper(woken::apply)
                .withOnUpdateFilter(changed(this::matters)::test)
                .build(),
            context,
            addresses::seen,
            addresses::gone);
    peers =
        new FollowedSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SwarmRelease.class)
                .withName("peers")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::peer))
                .withInformerListLimit(ReleaseInformers.PAGE)
                .withNamespaces(Set.of(namespace))
                .withLabelSelector(selector(config.peerSelector()))
                .withSecondaryToPrimaryMapper(woken::apply)
                .withOnUpdateFilter(changed(NodeWatch::nodeOf)::test)
                .build(),
            context,
            pod -> {
              ages.seen(pod);
              addresses.seen(pod);
            },
            pod -> {
              ages.gone(pod);
              addresses.gone(pod);
            });
  }

  public InformerEventSource<Node, SwarmRelease> nodes() {
    return nodes;
  }

  public InformerEventSource<Pod, SwarmRelease> peers() {
    return peers;
  }

  /** Where a peer is to run. */
  public PeerPlacement placement() {
    return placement;
  }

  /** Every Node. */
  public List<Node> all() {
    return nodes.list().toList();
  }

  public Set<String> names() {
    return nodes.list().map(node -> node.getMetadata().getName()).collect(Collectors.toSet());
  }

  /** Names of the nodes that exist and whose kubelet is well. */
  public Set<String> ready() {
    return nodes
        .list()
        .filter(NodeSelection::isReady)
        .map(node -> node.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /**
   * Since when the peer's pod of each node is known, in whatever phase it is. That is when it was
   * made, or when this process began, from which on all are awaited.
   */
  public Map<String, Uptime> peersSince() {
    return ages.byNode(peers.list().filter(Ownership::isPeer));
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

  static @Nullable String nodeOf(Pod pod) {
    return pod.getSpec() == null ? null : pod.getSpec().getNodeName();
  }

  private static <T> BiPredicate<T, T> changed(Function<T, ? extends @Nullable Object> view) {
    return (now, before) -> !Objects.equals(view.apply(now), view.apply(before));
  }

  private static String selector(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** Also what wakes no release is passed on, before a filter sees it. */
  private static final class FollowedSource<R extends HasMetadata>
      extends InformerEventSource<R, SwarmRelease> {
    private final Consumer<R> seen;
    private final Consumer<R> gone;

    FollowedSource(
        InformerEventSourceConfiguration<R> configuration,
        EventSourceContext<SwarmRelease> context,
        Consumer<R> seen,
        Consumer<R> gone) {
      super(configuration, context);
      this.seen = seen;
      this.gone = gone;
    }

    @Override
    public void onAdd(R added) {
      try {
        seen.accept(added);
      } finally {
        super.onAdd(added);
      }
    }

    @Override
    public void onUpdate(R before, R now) {
      try {
        if (!before.getMetadata().getUid().equals(now.getMetadata().getUid())) {
          gone.accept(before); // deleted and recreated while the watch was interrupted
        }
        seen.accept(now);
      } finally {
        super.onUpdate(before, now);
      }
    }

    @Override
    public synchronized void onDelete(R deleted, boolean finalStateUnknown) {
      try {
        gone.accept(deleted);
      } finally {
        super.onDelete(deleted, finalStateUnknown);
      }
    }
  }
}

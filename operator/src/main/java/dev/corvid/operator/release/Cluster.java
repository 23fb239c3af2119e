package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.Names;
import dev.corvid.operator.OperatorConfig;
import dev.corvid.operator.Ownership;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Trimmed;
import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.volume.VolumeModel;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Push;
import dev.corvid.wire.ReleaseName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The part of the cluster that releases depend on, watched: nodes, peers' pods, seeders, volumes
 * and claims. A change wakes the releases that it concerns, and only a change that matters.
 */
public final class Cluster {
  /** So that a list of thousands of objects is never in memory as a whole. */
  private static final long PAGE = 250;

  /** Anybody who may create such objects may make each of them as large as the API server takes. */
  static final long TENANTS_PAGE = 20;

  private static final String SEEDERS =
      Names.MANAGED_BY + "=" + Names.FIELD_MANAGER + "," + Names.COMPONENT + "=seeder";
  private static final String VOLUMES =
      Names.MANAGED_BY + "=" + Names.FIELD_MANAGER + "," + Names.COMPONENT + "=volume";

  private static final Comparator<HasMetadata> OLDEST_FIRST =
      Comparator.<HasMetadata, String>comparing(o -> o.getMetadata().getCreationTimestamp())
          .thenComparing(o -> o.getMetadata().getName());

  private final InformerEventSource<Node, SwarmRelease> nodes;
  private final InformerEventSource<Pod, SwarmRelease> peers;
  private final InformerEventSource<Pod, SwarmRelease> seeders;
  private final InformerEventSource<PersistentVolume, SwarmRelease> volumes;
  private final InformerEventSource<PersistentVolumeClaim, SwarmRelease> claims;
  private final SimpleInboundEventSource<SwarmRelease> fleet =
      new SimpleInboundEventSource<>("fleet");
  private final IndexedResourceCache<SwarmRelease> releases;
  private final Runnable peersMoved;
  private final Serving serving;
  private final SeederPlaces places;

  /**
   * @param peersMoved told when the IP of a peer's pod is another one: that concerns the tracker,
   *     and no release
   */
  Cluster(
      EventSourceContext<SwarmRelease> context,
      OperatorConfig config,
      String namespace,
      Runnable peersMoved) {
    this.peersMoved = peersMoved;
    releases = context.getPrimaryCache();
    serving = new Serving(config.limits(), this::releases, this::wake);
    places = new SeederPlaces(config.limits(), this::wake);
    nodes =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, SwarmRelease.class)
                .withName("nodes")
                .withItemStore(new TransformingItemStore<>(Trimmed::node))
                .withInformerListLimit(PAGE)
                .withSecondaryToPrimaryMapper(node -> all())
                .withOnUpdateFilter(changed(Cluster::matters)::test)
                .build(),
            context);
    peers =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SwarmRelease.class)
                .withName("peers")
                .withItemStore(new TransformingItemStore<>(Trimmed::peer))
                .withInformerListLimit(PAGE)
                .withNamespaces(Set.of(namespace))
                .withLabelSelector(selector(config.peerSelector()))
                .withSecondaryToPrimaryMapper(pod -> all())
                .withOnUpdateFilter(this::concernsReleases)
                .build(),
            context);
    seeders =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SwarmRelease.class)
                .withName("seeders")
                .withItemStore(new TransformingItemStore<>(Trimmed::seeder))
                .withInformerListLimit(TENANTS_PAGE)
                .withNamespacesInheritedFromController()
                .withLabelSelector(SEEDERS)
                .withSecondaryToPrimaryMapper(Cluster::controllerOf)
                .build(),
            context);
    volumes =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PersistentVolume.class, SwarmRelease.class)
                .withName("volumes")
                .withInformerListLimit(PAGE)
                .withLabelSelector(VOLUMES)
                .withSecondaryToPrimaryMapper(Cluster::claimantOf)
                .build(),
            context);
    claims =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PersistentVolumeClaim.class, SwarmRelease.class)
                .withName("claims")
                .withItemStore(new TransformingItemStore<>(Trimmed::claim))
                .withInformerListLimit(TENANTS_PAGE)
                .withNamespacesInheritedFromController()
                .withLabelSelector(VOLUMES)
                .withSecondaryToPrimaryMapper(Cluster::namesakeOf)
                .build(),
            context);
  }

  List<EventSource<?, SwarmRelease>> sources() {
    return List.of(nodes, peers, seeders, volumes, claims, fleet);
  }

  List<Node> nodes() {
    return nodes.list().toList();
  }

  Set<String> nodeNames() {
    return nodes.list().map(node -> node.getMetadata().getName()).collect(Collectors.toSet());
  }

  /** Names of the nodes that exist and whose kubelet is well. */
  Set<String> readyNodes() {
    return nodes
        .list()
        .filter(Census::isReady)
        .map(node -> node.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** Each node's zone, and the IP of its peer's pod: of the last made one, if it has several. */
  Map<String, Push.Node> places() {
    Map<String, Pod> pods = new HashMap<>();
    peers
        .list()
        .filter(pod -> nodeOf(pod) != null && Ownership.isPeer(pod))
        .forEach(pod -> pods.merge(nodeOf(pod), pod, Cluster::later));
    Map<String, Push.Node> places = new HashMap<>();
    nodes
        .list()
        .forEach(
            node -> {
              String name = node.getMetadata().getName();
              Pod pod = pods.get(name);
              var place = new Push.Node(zoneOf(node), pod == null ? null : addressOf(pod));
              if (!place.equals(Push.Node.UNKNOWN)) {
                places.put(name, place);
              }
            });
    return places;
  }

  private static String zoneOf(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? null : labels.get(Names.ZONE);
  }

  private static Pod later(Pod one, Pod other) {
    return madeAt(one).isAfter(madeAt(other)) ? one : other;
  }

  private static Instant madeAt(Pod pod) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp());
  }

  /** When the peer's pod of each node was made, in whatever phase it is. */
  Map<String, Instant> peers() {
    Map<String, Instant> since = new HashMap<>();
    peers
        .list()
        .filter(pod -> nodeOf(pod) != null && Ownership.isPeer(pod))
        .forEach(pod -> since.merge(nodeOf(pod), madeAt(pod), (a, b) -> a.isAfter(b) ? a : b));
    return since;
  }

  /** The pods that the release controls, the oldest first. */
  List<Pod> seedersOf(SwarmRelease release) {
    return seeders.getSecondaryResources(release).stream()
        .filter(pod -> SeederModel.isSeederOf(pod, release))
        .sorted(OLDEST_FIRST)
        .toList();
  }

  PersistentVolume volumeOf(SwarmRelease release) {
    return volumes.getSecondaryResources(release).stream()
        .filter(volume -> VolumeModel.isVolumeOf(volume, release))
        .findFirst()
        .orElse(null);
  }

  PersistentVolumeClaim claimOf(SwarmRelease release) {
    return claims.getSecondaryResources(release).stream()
        .filter(claim -> VolumeModel.isClaimOf(claim, release))
        .findFirst()
        .orElse(null);
  }

  InformerEventSource<Pod, SwarmRelease> seeders() {
    return seeders;
  }

  InformerEventSource<PersistentVolume, SwarmRelease> volumes() {
    return volumes;
  }

  InformerEventSource<PersistentVolumeClaim, SwarmRelease> claims() {
    return claims;
  }

  /** Every release in the cache. */
  public List<SwarmRelease> releases() {
    return releases.list().toList();
  }

  /** Wakes those of these releases that exist. */
  public void wake(Collection<String> releaseUids) {
    wakeAll(release -> releaseUids.contains(release.getMetadata().getUid()));
  }

  /** Wakes those releases of these names that exist. */
  void wakeNamed(Collection<ReleaseName> names) {
    if (!names.isEmpty()) {
      wakeAll(release -> names.contains(Strays.name(release)));
    }
  }

  private void wakeAll(Predicate<SwarmRelease> which) {
    releases.list(which).map(ResourceID::fromResource).forEach(fleet::propagateEvent);
  }

  /** How many seeders may run. */
  SeederPlaces seederPlaces() {
    return places;
  }

  /** Which releases are served. */
  Serving serving() {
    return serving;
  }

  /** Those that are served: a Node's change is nothing to the others. */
  private Set<ResourceID> all() {
    return releases
        .list(release -> !serving.isSetAside(release.getMetadata().getUid()))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** An object can wake the releases of its own namespace only. */
  private static Set<ResourceID> controllerOf(Pod pod) {
    return Ownership.release(pod)
        .map(owner -> Set.of(new ResourceID(owner.getName(), pod.getMetadata().getNamespace())))
        .orElse(Set.of());
  }

  /** A claim in the way wakes the release as well, when it goes. */
  private static Set<ResourceID> namesakeOf(PersistentVolumeClaim claim) {
    return Set.of(ResourceID.fromResource(claim));
  }

  private static Set<ResourceID> claimantOf(PersistentVolume volume) {
    var claim = volume.getSpec() == null ? null : volume.getSpec().getClaimRef();
    return claim == null || claim.getName() == null || claim.getNamespace() == null
        ? Set.of()
        : Set.of(new ResourceID(claim.getName(), claim.getNamespace()));
  }

  /** A heartbeat changes a Node every few seconds; these are what a release sees of it. */
  private static Object matters(Node node) {
    Map<String, String> labels = new HashMap<>();
    if (node.getMetadata().getLabels() != null) {
      labels.putAll(node.getMetadata().getLabels());
    }
    // Ours say what releases did, not what they are to do.
    labels.keySet().removeIf(key -> key.startsWith(NodeLabel.PREFIX));
    return List.of(labels, Census.isReady(node));
  }

  private boolean concernsReleases(Pod now, Pod before) {
    if (!Objects.equals(addressOf(now), addressOf(before))) {
      peersMoved.run();
    }
    return !Objects.equals(nodeOf(now), nodeOf(before));
  }

  private static String addressOf(Pod pod) {
    return pod.getStatus() == null
        ? null
        : Endpoint.ifAddress(pod.getStatus().getPodIP()).orElse(null);
  }

  private static String nodeOf(Pod pod) {
    return pod.getSpec() == null ? null : pod.getSpec().getNodeName();
  }

  private static <T> BiPredicate<T, T> changed(java.util.function.Function<T, Object> view) {
    return (now, before) -> !Objects.equals(view.apply(now), view.apply(before));
  }

  private static String selector(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }
}

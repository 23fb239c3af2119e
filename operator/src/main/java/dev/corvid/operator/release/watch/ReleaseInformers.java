package dev.corvid.operator.release.watch;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.record.ControllerRevisionCodec;
import dev.corvid.operator.release.record.RawControllerRevision;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.volume.VolumeObjects;
import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of the cluster that releases depend on, watched: nodes, peers' pods, seeders, volumes,
 * claims and records. A change wakes the releases that it concerns; one of a Node or a peer, of
 * which a cluster has thousands, only if it matters to them.
 */
public final class ReleaseInformers {
  /** So that a list of thousands of objects is never in memory as a whole. */
  public static final long PAGE = 250;

  /** Anybody who may create such objects may make each of them as large as the API server takes. */
  public static final long TENANTS_PAGE = 20;

  private static final String SEEDERS =
      ResourceNames.MANAGED_BY
          + "="
          + ResourceNames.FIELD_MANAGER
          + ","
          + ResourceNames.COMPONENT
          + "=seeder";
  private static final String RECORDS =
      ResourceNames.MANAGED_BY
          + "="
          + ResourceNames.FIELD_MANAGER
          + ","
          + ResourceNames.COMPONENT
          + "="
          + ControllerRevisionCodec.COMPONENT;
  private static final String VOLUMES =
      ResourceNames.MANAGED_BY
          + "="
          + ResourceNames.FIELD_MANAGER
          + ","
          + ResourceNames.COMPONENT
          + "=volume";

  /** By age; of those that were created in the same second, the lesser uid comes first. */
  static final Comparator<HasMetadata> OLDEST_FIRST =
      Comparator.<HasMetadata, String>comparing(o -> o.getMetadata().getCreationTimestamp())
          .thenComparing(o -> o.getMetadata().getUid());

  private final NodeWatch nodes;
  private final InformerEventSource<Pod, SwarmRelease> seeders;
  private final InformerEventSource<PersistentVolume, SwarmRelease> volumes;
  private final InformerEventSource<PersistentVolumeClaim, SwarmRelease> claims;
  private final InformerEventSource<RawControllerRevision, SwarmRelease> records;
  private final SimpleInboundEventSource<SwarmRelease> fleet =
      new SimpleInboundEventSource<>("fleet");
  private final ReleaseTimers timers = new ReleaseTimers();
  private final IndexedResourceCache<SwarmRelease> releases;
  private final ReleaseLimit serving;

  /**
   * @param addresses follows the events of nodes and of their peers
   */
  public ReleaseInformers(
      EventSourceContext<SwarmRelease> context,
      OperatorConfig config,
      String namespace,
      NodeAddresses addresses) {
    releases = context.getPrimaryCache();
    serving = new ReleaseLimit(config.limits(), this::releases, this::wake);
    nodes = new NodeWatch(context, namespace, config, _ -> served(), addresses);
    seeders =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SwarmRelease.class)
                .withName("seeders")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::seeder))
                .withInformerListLimit(TENANTS_PAGE)
                .withNamespacesInheritedFromController()
                .withLabelSelector(SEEDERS)
                .withSecondaryToPrimaryMapper(ReleaseInformers::controllerOf)
                .build(),
            context);
    volumes =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PersistentVolume.class, SwarmRelease.class)
                .withName("volumes")
                .withInformerListLimit(PAGE)
                .withLabelSelector(VOLUMES)
                .withSecondaryToPrimaryMapper(ReleaseInformers::claimantOf)
                .build(),
            context);
    claims =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PersistentVolumeClaim.class, SwarmRelease.class)
                .withName("claims")
                .withItemStore(new TransformingItemStore<>(InformerTransforms::claim))
                .withInformerListLimit(TENANTS_PAGE)
                .withNamespacesInheritedFromController()
                .withLabelSelector(VOLUMES)
                .withSecondaryToPrimaryMapper(ReleaseInformers::namesakeOf)
                .build(),
            context);
    records =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(RawControllerRevision.class, SwarmRelease.class)
                .withName("records")
                .withItemStore(new TransformingItemStore<>(ControllerRevisionCodec::trimmed))
                .withInformerListLimit(TENANTS_PAGE)
                .withNamespacesInheritedFromController()
                .withLabelSelector(RECORDS)
                .withSecondaryToPrimaryMapper(ReleaseInformers::labelledFor)
                .build(),
            context);
  }

  public List<EventSource<?, SwarmRelease>> sources() {
    return List.of(nodes.nodes(), nodes.peers(), seeders, volumes, claims, records, fleet, timers);
  }

  public NodeWatch nodes() {
    return nodes;
  }

  /** The pods that the release controls, the oldest first. */
  public List<Pod> seedersOf(SwarmRelease release) {
    return seeders.getSecondaryResources(release).stream()
        .filter(pod -> SeederPods.isSeederOf(pod, release))
        .sorted(OLDEST_FIRST)
        .toList();
  }

  public @Nullable PersistentVolume volumeOf(SwarmRelease release) {
    return volumes.getSecondaryResources(release).stream()
        .filter(volume -> VolumeObjects.isVolumeOf(volume, release))
        .findFirst()
        .orElse(null);
  }

  public @Nullable PersistentVolumeClaim claimOf(SwarmRelease release) {
    return claims.getSecondaryResources(release).stream()
        .filter(claim -> VolumeObjects.isClaimOf(claim, release))
        .findFirst()
        .orElse(null);
  }

  public InformerEventSource<Pod, SwarmRelease> seeders() {
    return seeders;
  }

  public InformerEventSource<PersistentVolume, SwarmRelease> volumes() {
    return volumes;
  }

  public InformerEventSource<PersistentVolumeClaim, SwarmRelease> claims() {
    return claims;
  }

  /** What is labelled as a record of the release, whoever wrote it. */
  public List<RawControllerRevision> recordsOf(SwarmRelease release) {
    return List.copyOf(records.getSecondaryResources(release));
  }

  public InformerEventSource<RawControllerRevision, SwarmRelease> records() {
    return records;
  }

  public List<SwarmRelease> releases() {
    return releases.list().toList();
  }

  /** Wakes those of these releases that exist. */
  public void wake(Collection<String> releaseUids) {
    wakeAll(release -> releaseUids.contains(release.getMetadata().getUid()));
  }

  /** Wakes those releases of these names that exist. */
  public void wakeNamed(Collection<ReleaseName> names) {
    if (!names.isEmpty()) {
      wakeAll(release -> names.contains(ResourceNames.nameOf(release)));
    }
  }

  private void wakeAll(Predicate<SwarmRelease> which) {
    releases.list(which).map(ResourceID::fromResource).forEach(fleet::propagateEvent);
  }

  public ReleaseTimers timers() {
    return timers;
  }

  public ReleaseLimit serving() {
    return serving;
  }

  /** Those that are served: a Node's change is nothing to the others. */
  private Set<ResourceID> served() {
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

  /** Its owner may be missing, or be the release that had the name before. */
  private static Set<ResourceID> labelledFor(RawControllerRevision record) {
    String release = record.getMetadata().getLabels().get(ResourceNames.RELEASE);
    return release == null
        ? Set.of()
        : Set.of(new ResourceID(release, record.getMetadata().getNamespace()));
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
}

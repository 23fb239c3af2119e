package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.OperatorConfig;
import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.grant.EpochCheck;
import dev.corvid.operator.release.grant.Namespaces;
import dev.corvid.operator.release.grant.OrphanCollector;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.grant.UncachedReads;
import dev.corvid.operator.release.seeder.PodWarnings;
import dev.corvid.operator.release.seeder.Publications;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.volume.ClaimUsers;
import dev.corvid.operator.seeder.CaBundleConfigMap;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.time.Uptime;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The collaborators of the reconciler, put together once. */
public final class ReleaseServices implements AutoCloseable {
  private final OperatorConfig config;
  private final String namespace;
  private final Publications publications;
  private final ReleaseObserver observer;
  private final Seeders seeders;
  private final GrantIssuer grantIssuer;
  private final ClaimUsers claimUsers;
  private final Volumes volumes;
  private final ActiveRevisionLabels revisionLabels;
  private final RevisionRecords records;
  private final StatusReporter reporter;
  private final ReleaseFinalizer finalizer;
  private final FinalizerRefusals finalizerRefusals;
  private final OrphanCollector orphans;
  private final FleetCache fleetCache;
  private final EpochCheck epochs;
  private final Namespaces namespaces;
  private final Clocks clocks;
  private final ReconcileStates reconcileStates = new ReconcileStates();
  private volatile ReleaseInformers informers;

  /**
   * @param namespace the operator's
   * @param instance the name of the operator's pod
   * @param labels told what Nodes are to carry
   */
  public ReleaseServices(
      KubernetesClient client,
      OperatorConfig config,
      Roots roots,
      String namespace,
      String instance,
      SeederModel seeder,
      TrustAnchor trust,
      FleetCache fleetCache,
      TrackerOutbox outbox,
      NodeLabels labels,
      InstantSource clock,
      RandomGenerator random) {
    this.config = config;
    this.clocks = new Clocks(clock, Uptime::now);
    this.namespace = namespace;
    this.fleetCache = fleetCache;
    this.claimUsers = new ClaimUsers(client, names -> informers.wakeNamed(names));
    this.volumes = new Volumes(config.nodeLabels(), claimUsers);
    this.revisionLabels = new ActiveRevisionLabels(config.nodeLabels(), labels);
    var conditionEvents = new ConditionEvents(client, instance);
    this.epochs =
        new EpochCheck(
            trust::reign, reign -> raise(trust, reign), signed -> trust.key().signedGrant(signed));
    this.namespaces = new Namespaces(new UncachedReads(client), this::releases);
    var scopes = new SharingScopes(namespaces, roots, trust::key);
    this.grantIssuer = new GrantIssuer(outbox, trust::key, epochs, scopes);
    this.publications = new Publications(trust);
    this.records = new RevisionRecords(trust::key, random);
    var statuses = new TrustedStatus(trust::key);
    this.observer =
        new ReleaseObserver(
            roots, scopes, fleetCache, grantIssuer, publications, statuses, records, clocks);
    this.seeders =
        new Seeders(
            seeder,
            new CaBundleConfigMap(client, config.seeder().caFile()),
            trust,
            fleetCache,
            new PodWarnings(client),
            random);
    this.reporter = new StatusReporter(conditionEvents, fleetCache, statuses);
    this.finalizerRefusals = new FinalizerRefusals(client, conditionEvents, statuses, clocks);
    var definition = new ResourceDefinition(client);
    this.finalizer =
        new ReleaseFinalizer(
            grantIssuer, volumes, revisionLabels, fleetCache, outbox, definition, reporter, clocks);
    this.orphans =
        new OrphanCollector(
            fleetCache,
            outbox,
            trust::key,
            epochs,
            definition::standingSince,
            new OrphanCollector.Bounds(Set.copyOf(config.watchNamespaces())),
            clock);
  }

  /**
   * Publications that were refused: of another pod or address, without the right proof, or of other
   * content than pinned.
   */
  public long refusedPublications() {
    return publications.refused();
  }

  /** Reports that were not followed because they are beyond the clock. */
  public long refusedEpochs() {
    return epochs.refused();
  }

  /** Labels that Nodes were to carry, and that are too many. */
  public long refusedNodeLabels() {
    return revisionLabels.refused();
  }

  /** Hears from the framework of releases to which it cannot add the finalizer. */
  public Metrics finalizerRefusals() {
    return finalizerRefusals;
  }

  Clocks clocks() {
    return clocks;
  }

  FleetCache fleetCache() {
    return fleetCache;
  }

  ReconcileStates reconcileStates() {
    return reconcileStates;
  }

  OperatorConfig config() {
    return config;
  }

  ReleaseInformers watch(EventSourceContext<SwarmRelease> context) {
    informers = new ReleaseInformers(context, config, namespace, this::peersMoved);
    return informers;
  }

  /** Uids of the releases that exist, from the synced cache. */
  public Set<String> releaseUids() {
    return releases().stream()
        .map(release -> release.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  /** The releases that exist, from the synced cache; none before it is. */
  public List<SwarmRelease> releases() {
    return informers == null ? List.of() : informers.releases();
  }

  /** The IP of some peer's pod is another one. */
  private void peersMoved() {
    if (informers != null) {
      grantIssuer.places(informers.nodes().places());
    }
  }

  /**
   * The tracker told something about these releases, known ones or not: what one that is gone left
   * is in the way of the one of its name.
   */
  public void heard(Set<String> releaseUids) {
    Set<String> unknown = new HashSet<>(releaseUids);
    unknown.removeAll(releaseUids());
    informers.wake(releaseUids);
    informers.wakeNamed(fleetCache.names(unknown));
  }

  /** The tracker does not answer any more, or does again: every release may have to say so. */
  public void trackerTurned() {
    informers.wake(releaseUids());
  }

  private void raise(TrustAnchor trust, long reign) {
    try {
      trust.raise(reign);
    } finally {
      reignBegan();
    }
  }

  /** Grants of another reign are due for every release. */
  public void reignBegan() {
    informers.wake(releaseUids());
  }

  /** Nodes that report what nobody knows are told to remove it; nodes that are gone, forgotten. */
  public void sweep() {
    fleetCache.retainNodes(informers.nodes().names());
    namespaces.retain(releaseUids());
    epochs.retain(uid -> !fleetCache.of(uid).nodes().isEmpty());
    informers.serving().refresh();
    informers.seederPlaces().retain(releaseUids());
    publications.retain(releaseUids());
    reconcileStates.retain(releaseUids());
    orphans.sweep(informers.releases(), informers.nodes().all().size(), clocks.uptime().get());
    if (config.watchNamespaces().isEmpty()) {
      revisionLabels.sweep(informers); // else a release may exist that is not seen
    }
  }

  @Override
  public void close() {
    claimUsers.close();
    finalizerRefusals.close();
  }

  ReleaseObserver observer() {
    return observer;
  }

  Seeders seeders() {
    return seeders;
  }

  GrantIssuer grantIssuer() {
    return grantIssuer;
  }

  Volumes volumes() {
    return volumes;
  }

  ActiveRevisionLabels revisionLabels() {
    return revisionLabels;
  }

  RevisionRecords records() {
    return records;
  }

  StatusReporter reporter() {
    return reporter;
  }

  ReleaseFinalizer finalizer() {
    return finalizer;
  }
}

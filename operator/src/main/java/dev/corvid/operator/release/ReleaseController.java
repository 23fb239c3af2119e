package dev.corvid.operator.release;

import dev.corvid.operator.config.OperatorSettings;
import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.grant.Namespaces;
import dev.corvid.operator.release.grant.OrphanCollector;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.grant.UncachedReads;
import dev.corvid.operator.release.seeder.PodWarnings;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import dev.corvid.operator.release.seeder.SeederSlots;
import dev.corvid.operator.release.state.ReconcileStates;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.step.Clocks;
import dev.corvid.operator.release.volume.ClaimNodes;
import dev.corvid.operator.release.volume.ClaimUsers;
import dev.corvid.operator.release.watch.ReleaseWatch;
import dev.corvid.operator.seeder.CaBundleConfigMap;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.TrustAnchor;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;

/**
 * The controller of SwarmReleases. {@link #assemble} constructs the reconciler and all that it
 * works with, and does nothing else.
 *
 * @param trackerProblem learns whether the cluster refuses the tracker
 * @param finalizerRefusals learns from the framework of releases to which it cannot add the
 *     finalizer
 * @param owned closed with the controller
 */
public record ReleaseController(
    SwarmReleaseReconciler reconciler,
    ReleaseWatch watch,
    ReleaseSweep sweep,
    TrackerProblem trackerProblem,
    Metrics finalizerRefusals,
    MeterBinder refusalMetrics,
    List<Runnable> owned)
    implements AutoCloseable {

  /**
   * @param labels told what Nodes are to carry
   */
  public static ReleaseController assemble(
      KubernetesClient client,
      OperatorSettings settings,
      SeederPods seeder,
      TrustAnchor trust,
      FleetCache fleetCache,
      TrackerOutbox outbox,
      NodeLabels labels) {
    var config = settings.config();
    var clocks = Clocks.system();
    var random = new SecureRandom();
    var watch = new ReleaseWatch(settings, fleetCache, outbox);
    var states = new ReconcileStates(clocks);

    var ranks =
        new RankCheck(
            trust::reign,
            reign -> raise(trust, reign, watch),
            signed -> trust.key().signedGrant(signed));
    var namespaces = new Namespaces(new UncachedReads(client), watch::releases);
    var scopes = new SharingScopes(namespaces, settings.roots(), trust::key);
    var grantIssuer = new GrantIssuer(outbox, trust::key, ranks, scopes);

    var verifier = new PublicationVerifier(trust);
    var statuses = new TrustedStatus(trust::key);
    var recorder = new RevisionRecorder(trust::key, random);
    var claimNodes = new ClaimNodes(client);
    var observer =
        new ReleaseObserver(
            new Locations(settings.roots(), scopes),
            claimNodes,
            fleetCache,
            grantIssuer,
            verifier,
            statuses,
            recorder);

    var slots = new SeederSlots(config.limits(), watch::wake);
    var caBundle = new CaBundleConfigMap(client, config.seeder().caFile());
    var seeders =
        new Seeders(
            new SeederCreation(seeder, caBundle, slots, trust, random),
            slots,
            fleetCache,
            new PodWarnings(client));
    var revisionLabels = new ActiveRevisionLabels(config.nodeLabels(), labels);
    var claimUsers = new ClaimUsers(client, watch::wakeNamed);
    var volumes = new Volumes(config.nodeLabels(), claimUsers);
    var applier = new PlanApplier(fleetCache, seeders, grantIssuer, revisionLabels, volumes);

    var events = new ConditionEvents(client, settings.instance());
    var trackerProblem = new TrackerProblem(fleetCache, watch::wakeAll);
    var reporter = new StatusReporter(events, trackerProblem, claimNodes, volumes, statuses);
    var definition = new ResourceDefinition(client);
    var finalizer =
        new ReleaseFinalizer(
            seeders, grantIssuer, volumes, revisionLabels, fleetCache, definition, reporter);
    var reconciler =
        new SwarmReleaseReconciler(watch, states, observer, recorder, applier, reporter, finalizer);

    var orphans =
        new OrphanCollector(
            fleetCache,
            outbox,
            trust::key,
            ranks,
            definition::standingSince,
            new OrphanCollector.Bounds(Set.copyOf(config.watchNamespaces())),
            clocks.wall());
    var sweep =
        new ReleaseSweep(
            watch,
            fleetCache,
            ranks,
            orphans,
            revisionLabels,
            List.of(
                namespaces::retain,
                verifier::retain,
                states::retain,
                slots::retain,
                claimNodes::retain,
                volumes::retain,
                _ -> claimUsers.retain(watch.names())),
            clocks.uptime());
    var finalizerRefusals = new FinalizerRefusals(client, events, statuses, watch::isOpen, clocks);
    return new ReleaseController(
        reconciler,
        watch,
        sweep,
        trackerProblem,
        finalizerRefusals,
        new RefusalMetrics(verifier, ranks, labels),
        List.of(claimUsers::close, finalizerRefusals::close));
  }

  /** Grants of another reign are due for every release. */
  private static void raise(TrustAnchor trust, long reign, ReleaseWatch watch) {
    try {
      trust.raise(reign);
    } finally {
      watch.wakeAll();
    }
  }

  @Override
  public void close() {
    owned.forEach(Runnable::run);
  }
}

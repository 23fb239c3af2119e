package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.grant.NamespaceLeftovers;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.tracker.FleetCache;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;

/**
 * Brings nodes and cluster to what is planned for a release: its seeder, grants, labels, volume and
 * claim. Each is a step of its own: one that is refused is repeated, and the others run.
 */
final class PlanApplier {
  private static final String SEND_GRANTS = "send grants to its nodes";

  private final FleetCache fleetCache;
  private final Seeders seeders;
  private final GrantIssuer grantIssuer;
  private final ActiveRevisionLabels revisionLabels;
  private final Volumes volumes;

  PlanApplier(
      FleetCache fleetCache,
      Seeders seeders,
      GrantIssuer grantIssuer,
      ActiveRevisionLabels revisionLabels,
      Volumes volumes) {
    this.fleetCache = fleetCache;
    this.seeders = seeders;
    this.grantIssuer = grantIssuer;
    this.revisionLabels = revisionLabels;
    this.volumes = volumes;
  }

  void apply(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    NamespaceLeftovers leftovers =
        NamespaceLeftovers.of(
            seen.release(), seen.location().scope(), seen.nodes().selection(), fleetCache);
    ReconcileSteps steps = reconcileState.steps();
    Optional<Pod> seeder = seeder(seen, reconcilePlan, reconcileState, informers, context);
    steps.run(
        SEND_GRANTS,
        () ->
            grantIssuer.apply(seen, reconcilePlan, leftovers, seeder.orElse(null), reconcileState));
    steps.run("label its nodes", () -> revisionLabels.apply(seen, informers));
    steps.run(
        "provide its volume and claim", () -> volumes.apply(seen, leftovers, informers, context));
  }

  /** What is placed stays; its seeder ends, and its nodes are told nothing new. */
  void setAside(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    seeder(seen, reconcilePlan, reconcileState, informers, context);
    reconcileState
        .steps()
        .run(
            SEND_GRANTS,
            () ->
                grantIssuer.apply(
                    seen, reconcilePlan, NamespaceLeftovers.NONE, null, reconcileState));
  }

  /** Nothing is planned for the release: nodes are told what they were told before. */
  void leave(SwarmRelease release) {
    grantIssuer.leave(release);
  }

  private Optional<Pod> seeder(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    return reconcileState
        .steps()
        .get(
            "manage its seeder",
            Optional.ofNullable(reconcilePlan.seeder().pod()),
            () -> seeders.apply(seen, reconcilePlan, reconcileState, informers, context));
  }
}

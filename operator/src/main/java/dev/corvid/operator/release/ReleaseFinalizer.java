package dev.corvid.operator.release;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.grant.OrphanCollector;
import dev.corvid.operator.release.record.ControllerRevisionCodec;
import dev.corvid.operator.release.record.RawControllerRevision;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.step.Deletion;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.FleetCache.Contact;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.Reason;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The end of a release, in this order: seeder, claim (which waits for the pods that use it),
 * volume, the nodes, its records, then its finalizer. Nodes that can be reached are waited for, but
 * never longer than {@link #PATIENCE}: one that comes back later is told as soon as it reports a
 * release that nobody knows.
 */
final class ReleaseFinalizer {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CLAIM_CHECK = Duration.ofSeconds(10);
  private static final Duration RECORDS_CHECK = Duration.ofSeconds(1);

  private final Seeders seeders;
  private final GrantIssuer grantIssuer;
  private final Volumes volumes;
  private final ActiveRevisionLabels revisionLabels;
  private final FleetCache fleetCache;
  private final ResourceDefinition definition;
  private final StatusReporter reporter;

  ReleaseFinalizer(
      Seeders seeders,
      GrantIssuer grantIssuer,
      Volumes volumes,
      ActiveRevisionLabels revisionLabels,
      FleetCache fleetCache,
      ResourceDefinition definition,
      StatusReporter reporter) {
    this.seeders = seeders;
    this.grantIssuer = grantIssuer;
    this.volumes = volumes;
    this.revisionLabels = revisionLabels;
    this.fleetCache = fleetCache;
    this.definition = definition;
    this.reporter = reporter;
  }

  /** How long to wait for the next look; empty when nothing is left of it, and it may go. */
  Optional<Duration> apply(
      SwarmRelease release,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    ReconcileSteps steps = reconcileState.steps();
    seeders.remove(release, steps, informers, context);
    Stage stage = takeDown(release, reconcileState, informers, context);
    if (stage.isLast() && steps.next().isEmpty()) {
      stage = forget(release, steps, informers, context);
    }
    if (stage.isLast() && steps.next().isEmpty() && isFree(release, steps, context)) {
      grantIssuer.forget(release);
      return Optional.empty();
    }
    Problem told = Problem.both(steps.problem(), stage.told());
    Duration pause = stage.pause();
    if (told != null) {
      steps.run(
          ReconcileSteps.WRITE_STATUS,
          () -> reporter.report(told, release, reconcileState, context));
    }
    return steps
        .pause()
        .or(() -> Optional.of(requireNonNull(pause, "only a failed step keeps it")));
  }

  /**
   * The cluster would delete the records as well, but later: a release that is made again under the
   * same name meanwhile would find them, and not fetch its source.
   */
  private static Stage forget(
      SwarmRelease release,
      ReconcileSteps steps,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    return steps.get(
        "delete the records of its revisions",
        Stage.UNKNOWN,
        () -> {
          List<RawControllerRevision> left =
              informers.recordsOf(release).stream()
                  .filter(record -> ControllerRevisionCodec.isAdopted(record, release))
                  .filter(record -> record.getMetadata().getDeletionTimestamp() == null)
                  .toList();
          left.forEach(record -> Deletion.delete(record, context));
          return left.isEmpty() ? Stage.LAST : new Stage(null, RECORDS_CHECK);
        });
  }

  private static boolean isFree(
      SwarmRelease release, ReconcileSteps steps, Context<SwarmRelease> context) {
    return steps.get(
        "remove its finalizer " + SwarmRelease.FINALIZER,
        false,
        () -> {
          FinalizerRemoval.remove(release, context);
          return true;
        });
  }

  /**
   * How far the end of a release is.
   *
   * @param told what is said of it; null for nothing
   * @param pause until the next look; null when there is nothing left to do
   */
  private record Stage(@Nullable Problem told, @Nullable Duration pause) {
    static final Stage UNKNOWN = new Stage(null, Duration.ZERO);
    static final Stage LAST = new Stage(null, null);

    static Stage waiting(String message, Duration pause) {
      return new Stage(new Problem(Reason.Deleting, message), pause);
    }

    boolean isLast() {
      return pause == null;
    }
  }

  /** As long as pods may use the claim nodes keep the content; they do not wait for the volume. */
  private Stage takeDown(
      SwarmRelease release,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    ReconcileSteps steps = reconcileState.steps();
    Optional<Volumes.Removed> claim =
        steps.get(
            "delete its claim",
            Optional.empty(),
            () -> Optional.of(volumes.removeClaim(release, informers, context)));
    if (claim.isEmpty()) {
      return Stage.UNKNOWN;
    }
    if (!claim.get().done()) {
      return Stage.waiting(waitingForPods(release, claim.get().users()), CLAIM_CHECK);
    }
    steps.run("delete its volume", () -> volumes.removeVolume(release, informers, context));
    return steps.get(
        "remove it from its nodes",
        Stage.UNKNOWN,
        () -> {
          if (!definition.isStanding()) {
            // All releases go because the definition goes: nobody asked for the content to be
            // removed.
            return Stage.LAST;
          }
          steps.run("remove its Nodes' labels", () -> revisionLabels.remove(release, informers));
          return removeFromNodes(release, reconcileState, informers);
        });
  }

  private Stage removeFromNodes(
      SwarmRelease release, ReconcileState reconcileState, ReleaseInformers informers) {
    ReconcileTime now = reconcileState.now();
    String uid = release.getMetadata().getUid();
    ReleaseFleet fleet = fleetCache.of(uid);
    Set<String> holding = holding(uid, fleet);
    Map<String, NodeIntent> intents = new TreeMap<>();
    holding.forEach(node -> intents.put(node, NodeIntent.REMOVE));
    reconcileState
        .log()
        .ordered(
            release,
            grantIssuer.remove(release, intents, fleet, now.wall()),
            _ -> "ReleaseDeleted");
    Duration left = now.uptime().until(reconcileState.removing(now.uptime()).plus(PATIENCE));
    Set<String> able = informers.nodes().ready();
    able.retainAll(informers.nodes().peersSince().keySet());
    List<String> awaited =
        holding.stream()
            .filter(able::contains)
            .filter(node -> fleetCache.contact(node) != Contact.SILENT)
            .toList();
    return awaited.isEmpty() || !left.isPositive()
        ? Stage.LAST
        : Stage.waiting("nodes that have yet to remove it: " + awaited.size(), left);
  }

  /** Nodes that have or may have something of it. */
  private Set<String> holding(String uid, ReleaseFleet fleet) {
    Set<String> nodes = new TreeSet<>(grantIssuer.granted(uid));
    nodes.addAll(fleet.nodes().keySet());
    nodes.removeIf(node -> fleet.of(node).filter(OrphanCollector::isRemoved).isPresent());
    return nodes;
  }

  private static String waitingForPods(SwarmRelease release, VolumeUsers users) {
    String claim = "the claim " + release.getMetadata().getName();
    return users.count() == 0
        ? claim + " is being deleted"
        : claim + " is in use by " + users + ": deletion waits for them";
  }
}

package dev.corvid.operator.release;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import dev.corvid.operator.release.seeder.SeederPolicy;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.seeder.SeederPodState;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.SeederReport;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seeder of what is wanted: pure.
 *
 * @param needed whether a pod must seed, or fetch and seed
 * @param pod the one that does; null when there is none
 * @param report the last word of that pod; null when it has not spoken
 */
record PlannedSeeder(boolean needed, @Nullable Pod pod, @Nullable SeederReport report) {
  static final PlannedSeeder NONE = new PlannedSeeder(false, null, null);

  private static final Duration RECOVERY = Duration.ofMinutes(1);

  /**
   * @param target what is wanted; empty as long as its content is not known
   * @param recorded whether new content can be recorded: if not, its seeder stays
   */
  static PlannedSeeder of(ObservedState seen, Optional<Content> target, boolean recorded) {
    Pod pod = pod(seen, target.isEmpty() && recorded);
    boolean suspended = seen.release().getSpec().suspend();
    return new PlannedSeeder(
        !suspended && (!recorded || SeederPolicy.of(target, seen.nodes().selection(), pod != null)),
        pod,
        pod == null ? null : report(pod, seen));
  }

  /** The pod that works on this source, as the spec describes it now if it has yet to fetch. */
  private static @Nullable Pod pod(ObservedState seen, boolean fetching) {
    String fingerprint = SeederPods.fingerprint(seen.release());
    var scope = seen.location().scope();
    return seen.source().seeders().stream()
        .filter(pod -> !(SeederPodState.of(pod) instanceof SeederPodState.Gone))
        .filter(pod -> seen.source().hash().equals(SeederPods.sourceHash(pod)))
        .filter(pod -> scope == null || SeederPods.servesIn(pod, scope.grantKey()))
        .filter(pod -> !fetching || fingerprint.equals(SeederPods.fingerprint(pod)))
        .findFirst()
        .orElse(null);
  }

  /** Words of an earlier pod are not this one's. */
  private static @Nullable SeederReport report(Pod pod, ObservedState seen) {
    return SeederPodState.of(pod) instanceof SeederPodState.Running
        ? seen.nodes()
            .fleet()
            .seeder()
            .filter(heard -> PublicationVerifier.isFrom(pod, heard))
            .map(Fleet.Seeder::report)
            .orElse(null)
        : null;
  }

  /**
   * When a seeder that was restarted is taken to have recovered: until then the fault that ended it
   * is told, or a seeder that crashes again and again would be well and ill in turn.
   */
  Optional<Uptime> recoveryDue(ReconcileTime now) {
    return Optional.ofNullable(pod)
        .flatMap(SeederPodState::restart)
        .map(restart -> recovered(restart, now));
  }

  private static Uptime recovered(SeederPodState.Restart restart, ReconcileTime now) {
    return now.uptimeOf(restart.since()).plus(RECOVERY);
  }

  /** What keeps it from working; null when nothing does. */
  @Nullable Problem problem(SwarmReleaseSpec spec, ReconcileTime now) {
    if (pod != null && SeederPodState.of(pod) instanceof SeederPodState.Troubled trouble) {
      return new Problem(
          trouble.reason(),
          "the seeder %s: %s".formatted(pod.getMetadata().getName(), trouble.message()),
          trouble.passing());
    }
    Optional<String> restart =
        Optional.ofNullable(pod)
            .flatMap(SeederPodState::restart)
            .filter(again -> now.uptime().isBefore(recovered(again, now)))
            .map(SeederPodState.Restart::message);
    boolean seeds = report != null && report.state() == SeederReport.State.SEEDING;
    if (pod != null && restart.isPresent() && !seeds) {
      return new Problem(
          Reason.SeederFailed,
          "the seeder %s: %s".formatted(pod.getMetadata().getName(), restart.get()));
    }
    if (report != null && report.state() == SeederReport.State.FAILED) {
      Reason reason = requireNonNull(report.reason(), "a seeder that failed says why");
      String message = report.message() == null ? reason.name() : report.message();
      return new Problem(reason, message + secret(spec, reason));
    }
    return null;
  }

  /** The seeder knows what is in it, and not its name. */
  private static String secret(SwarmReleaseSpec spec, Reason reason) {
    Source.SecretRef secret = spec.source().secretRef();
    return secret == null || reason != Reason.SourceAuthFailed
        ? ""
        : " (spec.source.secretRef: " + secret.name() + ")";
  }
}

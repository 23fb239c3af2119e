package dev.corvid.operator.release;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.grant.BandwidthLimits;
import dev.corvid.operator.release.seeder.SeederSlots;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.state.SeederAttempts;
import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.seeder.CaBundleConfigMap;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Creates a seeder's pod, and first what it mounts. */
final class SeederCreation {
  private final SeederPods pods;
  private final CaBundleConfigMap caBundle;
  private final SeederSlots slots;
  private final TrustAnchor trust;
  private final RandomGenerator random;

  SeederCreation(
      SeederPods pods,
      CaBundleConfigMap caBundle,
      SeederSlots slots,
      TrustAnchor trust,
      RandomGenerator random) {
    this.pods = pods;
    this.caBundle = caBundle;
    this.slots = slots;
    this.trust = trust;
    this.random = random;
  }

  /** What a seeder of this release may use of its node. */
  long scratchBytes(SwarmRelease release) {
    return pods.scratchBytes(release);
  }

  /** Empty when the cluster refuses it; the next attempt is noted either way. */
  Optional<Pod> create(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    Pod pod = pod(seen, reconcilePlan);
    String wanted = "the ConfigMap " + CaBundleConfigMap.NAME + ", which has the chart's caBundle";
    try {
      Optional<String> inTheWay = caBundle.place(pod.getMetadata().getNamespace());
      if (inTheWay.isPresent()) {
        return refused(inTheWay.get(), seen, reconcileState);
      }
      wanted = "the seeder's pod";
      Pod made = context.resourceOperations().create(pod, informers.seeders());
      SeederAttempts attempts = reconcileState.seeder();
      attempts.made(made, seen.source().seeders());
      attempts.attempted(again(attempts.stoppedFor()), seen.now().uptime());
      return Optional.of(made);
    } catch (KubernetesClientException e) {
      if (!ApiRefusal.isOfObject(e)) {
        throw e;
      }
      String message = "the cluster refuses %s: %s".formatted(wanted, ApiRefusal.words(e));
      return refused(message, seen, reconcileState);
    }
  }

  private static @Nullable Problem again(@Nullable Problem failure) {
    return failure == null
        ? null
        : new Problem(
            failure.reason(),
            failure.message() + "; another seeder tries again",
            failure.passing());
  }

  private Optional<Pod> refused(String why, ObservedState seen, ReconcileState reconcileState) {
    slots.leave(seen.uid()); // and waits in turn again
    reconcileState.seeder().attempted(new Problem(Reason.SeederRefused, why), seen.now().uptime());
    return Optional.empty();
  }

  /** A replacement must come out with what is recorded; another revision keeps the piece length. */
  private Pod pod(ObservedState seen, ReconcilePlan reconcilePlan) {
    Optional<SeederTask.Pinned> pinned =
        Optional.ofNullable(reconcilePlan.wanted())
            .map(r -> new SeederTask.Pinned(r.sourceDigest(), r.content()));
    int pieceLength =
        reconcilePlan.history().latest().map(latest -> latest.content().pieceLength()).orElse(0);
    String sourceHash = seen.source().hash();
    SwarmKey swarmKey = requireNonNull(seen.location().scope(), "none is made before").grantKey();
    SeederTask task =
        pods.task(seen.release(), sourceHash, swarmKey, pinned, pieceLength)
            .within(BandwidthLimits.ofSeeder(seen.release().getSpec()));
    byte[] key = trust.key().publicationKey(seen.uid(), sourceHash);
    byte[] suffix = new byte[3];
    random.nextBytes(suffix);
    return pods.pod(seen.release(), task, key, HexFormat.of().formatHex(suffix));
  }
}

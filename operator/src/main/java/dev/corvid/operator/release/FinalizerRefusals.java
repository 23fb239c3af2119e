package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.status.EventSeries;
import dev.corvid.operator.release.status.StatusReport;
import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Clocks;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.step.ReconcileTime;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports on a release that its finalizer cannot be added, such as by a policy's refusal. The
 * framework adds it before it calls the reconciler, and tells of a failure there only its log and
 * its metrics; it also repeats the request, after half a minute at the latest. The reconciliation
 * that follows the finalizer writes the next status. Thread-safe.
 */
final class FinalizerRefusals implements Metrics, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FinalizerRefusals.class);
  private static final String STEP = "add its finalizer " + SwarmRelease.FINALIZER;

  /** Reports that wait; of more than these each comes again with the framework's next attempt. */
  private static final int MAX_WAITING = 1_000;

  private static final int MAX_CAUSES = 10;

  /** The release was deleted, or changed since it was read: another attempt reports, if need be. */
  private static final Set<Integer> OUTDATED =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

  private final KubernetesClient client;
  private final ConditionEvents conditionEvents;
  private final TrustedStatus statuses;
  private final BooleanSupplier mayReport;
  private final Clocks clocks;
  private final ExecutorService reports =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofVirtual().name("finalizer-refusals").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  FinalizerRefusals(
      KubernetesClient client,
      ConditionEvents conditionEvents,
      TrustedStatus statuses,
      BooleanSupplier mayReport,
      Clocks clocks) {
    this.client = client;
    this.conditionEvents = conditionEvents;
    this.statuses = statuses;
    this.mayReport = mayReport;
    this.clocks = clocks;
  }

  /** Called under the framework's lock: no request is made here. */
  @Override
  public void reconciliationFailed(
      HasMetadata resource, RetryInfo retry, Exception exception, Map<String, Object> metadata) {
    if (resource instanceof SwarmRelease release
        && isWithoutFinalizer(release)
        && mayReport.getAsBoolean()) {
      Problem problem = ReconcileSteps.problem(STEP, refusal(exception));
      if (problem.needsSomebody() || retry.getAttemptCount() >= ReconcileSteps.PATIENCE) {
        reports.execute(() -> report(release, problem));
      }
    }
  }

  private static boolean isWithoutFinalizer(SwarmRelease release) {
    return !release.hasFinalizer(SwarmRelease.FINALIZER) && !release.isMarkedForDeletion();
  }

  /** The API server's answer, where there is one. */
  private static Exception refusal(Exception exception) {
    return Stream.<Throwable>iterate(exception, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .filter(KubernetesClientException.class::isInstance)
        .map(Exception.class::cast)
        .findFirst()
        .orElse(exception);
  }

  private void report(SwarmRelease failed, Problem problem) {
    try {
      SwarmRelease release = client.resource(failed).get();
      if (release == null || !isSame(release, failed) || !isWithoutFinalizer(release)) {
        return;
      }
      var unknown = new ReconcileState(clocks);
      ReconcileTime now = unknown.now();
      SwarmReleaseStatus before = statuses.of(release, unknown);
      SwarmReleaseStatus next =
          statuses.sealed(release, StatusReport.of(problem, release, before, now.wall()));
      if (StatusReporter.isNews(before, next)) {
        statuses.settled(write(release, next), client, emptied -> write(emptied, next));
        conditionEvents.tell(release, ConditionEvents.told(before, next), new EventSeries(), now);
      }
    } catch (KubernetesClientException e) {
      if (!OUTDATED.contains(e.getCode())) {
        LOG.warn(
            "The release {}/{}: the cluster refuses to write its status: {}",
            failed.getMetadata().getNamespace(),
            failed.getMetadata().getName(),
            ApiRefusal.words(e));
      }
    }
  }

  private static boolean isSame(SwarmRelease release, SwarmRelease failed) {
    return release.getMetadata().getUid().equals(failed.getMetadata().getUid());
  }

  /** Of that version only: a reconciliation that began since must not be overwritten. */
  private SwarmRelease write(SwarmRelease release, SwarmReleaseStatus status) {
    SwarmRelease fresh = StatusReporter.fresh(release, status);
    fresh.getMetadata().setResourceVersion(release.getMetadata().getResourceVersion());
    return client
        .resource(fresh)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(ResourceNames.FIELD_MANAGER)
                .withForce(true)
                .build());
  }

  @Override
  public void close() {
    reports.shutdownNow();
  }
}

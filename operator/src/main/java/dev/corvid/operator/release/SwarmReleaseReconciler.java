package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.state.ReconcileStates;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.release.watch.ReleaseWatch;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one release to where its spec wants it, one step at a time.
 *
 * <p>Vetoed, because the framework would make a bean of each reconciler by itself: the program
 * provides this one.
 */
@Vetoed
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
@ControllerConfiguration(
    name = SwarmReleaseReconciler.NAME,
    finalizerName = SwarmRelease.FINALIZER,
    fieldManager = ResourceNames.FIELD_MANAGER)
public final class SwarmReleaseReconciler
    implements Reconciler<SwarmRelease>,
        Cleaner<SwarmRelease>,
        ConfigurableReconciler<SwarmRelease> {
  public static final String NAME = "swarmrelease";

  private final ReleaseWatch watch;
  private final ReconcileStates reconcileStates;
  private final ReleaseObserver observer;
  private final RevisionRecorder recorder;
  private final PlanApplier applier;
  private final StatusReporter reporter;
  private final ReleaseFinalizer finalizer;

  SwarmReleaseReconciler(
      ReleaseWatch watch,
      ReconcileStates reconcileStates,
      ReleaseObserver observer,
      RevisionRecorder recorder,
      PlanApplier applier,
      StatusReporter reporter,
      ReleaseFinalizer finalizer) {
    this.watch = watch;
    this.reconcileStates = reconcileStates;
    this.observer = observer;
    this.recorder = recorder;
    this.applier = applier;
    this.reporter = reporter;
    this.finalizer = finalizer;
  }

  @Override
  public void updateConfigurationFrom(ControllerConfigurationOverrider<SwarmRelease> overrider) {
    overrider
        .withItemStore(new TransformingItemStore<>(InformerTransforms::release))
        .withInformerListLimit(ReleaseInformers.TENANTS_PAGE)
        .withGenerationAware(false)
        .withOnUpdateFilter(SwarmReleaseReconciler::matters);
    if (!watch.namespaces().isEmpty()) {
      overrider.settingNamespaces(watch.namespaces());
    }
  }

  /** An edit, a deletion, our finalizer, or an annotation that decides something; no status. */
  private static boolean matters(SwarmRelease now, SwarmRelease before) {
    return !Annotations.of(now).equals(Annotations.of(before))
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || now.hasFinalizer(SwarmRelease.FINALIZER) != before.hasFinalizer(SwarmRelease.FINALIZER);
  }

  @Override
  public List<EventSource<?, SwarmRelease>> prepareEventSources(
      EventSourceContext<SwarmRelease> context) {
    return watch.begin(context).sources();
  }

  @Override
  public UpdateControl<SwarmRelease> reconcile(
      SwarmRelease release, Context<SwarmRelease> context) {
    if (!watch.isOpen()) {
      reportWaiting(release);
      return UpdateControl.noUpdate();
    }
    InheritedMdc.begin();
    return wokenByAlarm(release, next(release, context));
  }

  private void reportWaiting(SwarmRelease release) {
    watch
        .obstacle()
        .ifPresent(
            problem -> reporter.reportWaiting(problem, release, reconcileStates.of(release)));
  }

  /** Leaves its pause to our own alarms; without one the framework needs no timer. */
  private UpdateControl<SwarmRelease> wokenByAlarm(
      SwarmRelease release, UpdateControl<SwarmRelease> next) {
    Optional<Duration> pause = next.getScheduleDelay().map(Duration::ofMillis);
    setAlarm(release, pause);
    return pause.filter(Duration::isZero).isPresent() ? next : UpdateControl.noUpdate();
  }

  private void setAlarm(SwarmRelease release, Optional<Duration> pause) {
    watch
        .informers()
        .timers()
        .set(ResourceID.fromResource(release), pause.filter(Duration::isPositive));
  }

  private UpdateControl<SwarmRelease> next(SwarmRelease release, Context<SwarmRelease> context) {
    ReconcileState reconcileState = reconcileStates.of(release);
    ReconcileSteps steps = reconcileState.steps();
    reconcileState.begin(release);
    return steps
        .get(
            "reconcile the release",
            Optional.<UpdateControl<SwarmRelease>>empty(),
            () -> Optional.of(look(release, reconcileState, context)))
        .orElseGet(() -> reportAlone(release, steps.problem(), reconcileState, context));
  }

  /**
   * What is observed and decided comes from caches and memory, and nothing can be done without it:
   * only an error of this program fails there. What follows are steps of their own.
   */
  private UpdateControl<SwarmRelease> look(
      SwarmRelease release, ReconcileState reconcileState, Context<SwarmRelease> context) {
    Optional<Problem> excess = watch.informers().serving().excess(release);
    Optional<Problem> invalid = ReconcilePlan.invalidSelector(release.getSpec());
    if (invalid.isPresent()) {
      return reportAlone(release, invalid.get(), reconcileState, context);
    }
    if (excess.isPresent()) {
      return setAside(release, excess.get(), reconcileState, context);
    }
    ReleaseInformers informers = watch.informers();
    ObservedState observed = observer.observe(release, reconcileState, informers);
    ReconcilePlan wanted = ReconcilePlan.of(observed);
    ReconcilePlan plan = recorder.record(wanted, observed, reconcileState, informers, context);
    applier.apply(observed, plan, reconcileState, informers, context);
    return report(observed, plan, reconcileState, context);
  }

  private UpdateControl<SwarmRelease> report(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    ReconcileSteps steps = reconcileState.steps();
    boolean failed = steps.isFailing(ReconcileSteps.WRITE_STATUS);
    UpdateControl<SwarmRelease> control =
        steps
            .get(
                ReconcileSteps.WRITE_STATUS,
                Optional.<UpdateControl<SwarmRelease>>empty(),
                () -> Optional.of(reporter.report(seen, reconcilePlan, reconcileState, context)))
            .orElseGet(() -> again(reconcileState));
    // What waited for the status, such as the end of a seeder, is due when it is written at last.
    return failed && !steps.isFailing(ReconcileSteps.WRITE_STATUS)
        ? control.rescheduleAfter(Duration.ZERO)
        : control;
  }

  /** Nothing is done but to report this, as far as the status can be written; null for nothing. */
  private UpdateControl<SwarmRelease> reportAlone(
      SwarmRelease release,
      @Nullable Problem problem,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    applier.leave(release);
    boolean superseded =
        problem != null
            && reconcileState
                .steps()
                .get(
                    ReconcileSteps.WRITE_STATUS,
                    false,
                    () -> reporter.report(problem, release, reconcileState, context));
    return superseded
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(reconcileState);
  }

  private static UpdateControl<SwarmRelease> again(ReconcileState reconcileState) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    return reconcileState.steps().pause().map(control::rescheduleAfter).orElse(control);
  }

  /** Reports a release that is over a limit of its namespace; see {@link PlanApplier#setAside}. */
  private UpdateControl<SwarmRelease> setAside(
      SwarmRelease release,
      Problem excess,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    ObservedState seen = observer.setAside(release, reconcileState, watch.informers());
    ReconcilePlan reconcilePlan = ReconcilePlan.refused(seen, excess);
    applier.setAside(seen, reconcilePlan, reconcileState, watch.informers(), context);
    return report(seen, reconcilePlan, reconcileState, context);
  }

  @Override
  public DeleteControl cleanup(SwarmRelease release, Context<SwarmRelease> context) {
    if (!watch.isOpen()) {
      reportWaiting(release);
      return DeleteControl.noFinalizerRemoval();
    }
    InheritedMdc.begin();
    ReconcileState reconcileState = reconcileStates.of(release);
    reconcileState.begin(release);
    Optional<Duration> pause = finalizer.apply(release, reconcileState, watch.informers(), context);
    reconcileState.log().deletion(release, pause.isEmpty());
    if (pause.isEmpty()) {
      reconcileStates.forget(release);
      watch.informers().serving().gone(release.getMetadata().getUid());
    }
    setAlarm(release, pause);
    DeleteControl control = DeleteControl.noFinalizerRemoval(); // that was the removal's last step
    return pause.filter(Duration::isZero).isPresent()
        ? control.rescheduleAfter(Duration.ZERO)
        : control;
  }
}

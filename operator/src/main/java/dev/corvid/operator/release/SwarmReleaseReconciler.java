package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.ResourceNames;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.release.grant.NamespaceLeftovers;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.Departures;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.tracker.FleetCache;
import io.fabric8.kubernetes.api.model.Pod;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Brings one release to where its spec wants it, one step at a time. */
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

  private final Set<String> namespaces;
  private final Function<EventSourceContext<SwarmRelease>, ReleaseInformers> watch;
  private final ReconcileStates reconcileStates;
  private final Clocks clocks;
  private final FleetCache fleetCache;
  private final ReleaseObserver observer;
  private final RevisionRecords records;
  private final Seeders seeders;
  private final GrantIssuer grantIssuer;
  private final ActiveRevisionLabels revisionLabels;
  private final Volumes volumes;
  private final StatusReporter reporter;
  private final ReleaseFinalizer finalizer;
  private ReleaseInformers informers;

  /**
   * @param services what the reconciler works with, for the container; they are not kept
   */
  public SwarmReleaseReconciler(ReleaseServices services) {
    this.namespaces = Set.copyOf(services.config().watchNamespaces());
    this.watch = services::watch;
    this.reconcileStates = services.reconcileStates();
    this.clocks = services.clocks();
    this.fleetCache = services.fleetCache();
    this.observer = services.observer();
    this.records = services.records();
    this.seeders = services.seeders();
    this.grantIssuer = services.grantIssuer();
    this.revisionLabels = services.revisionLabels();
    this.volumes = services.volumes();
    this.reporter = services.reporter();
    this.finalizer = services.finalizer();
  }

  @Override
  public void updateConfigurationFrom(ControllerConfigurationOverrider<SwarmRelease> overrider) {
    overrider
        .withItemStore(new TransformingItemStore<>(InformerTransforms::release))
        .withInformerListLimit(ReleaseInformers.TENANTS_PAGE)
        .withGenerationAware(false)
        .withOnUpdateFilter(SwarmReleaseReconciler::matters);
    if (!namespaces.isEmpty()) {
      overrider.settingNamespaces(namespaces);
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
    informers = watch.apply(context);
    return informers.sources();
  }

  @Override
  public UpdateControl<SwarmRelease> reconcile(
      SwarmRelease release, Context<SwarmRelease> context) {
    LogContext.begin();
    return wokenByAlarm(release, next(release, context));
  }

  /** Leaves its pause to our own alarms; without one the framework needs no timer. */
  private UpdateControl<SwarmRelease> wokenByAlarm(
      SwarmRelease release, UpdateControl<SwarmRelease> next) {
    Optional<Duration> pause = next.getScheduleDelay().map(Duration::ofMillis);
    setAlarm(release, pause);
    return pause.filter(Duration::isZero).isPresent() ? next : UpdateControl.noUpdate();
  }

  private void setAlarm(SwarmRelease release, Optional<Duration> pause) {
    informers.timers().set(ResourceID.fromResource(release), pause.filter(Duration::isPositive));
  }

  private UpdateControl<SwarmRelease> next(SwarmRelease release, Context<SwarmRelease> context) {
    ReconcileState reconcileState = reconcileStates.of(release);
    ReconcileSteps steps = reconcileState.steps();
    reconcileState.begin(release, clocks.now(reconcileState));
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
    Optional<Problem> excess = informers.serving().excess(release);
    Optional<Problem> invalid = ReconcilePlan.invalidSelector(release.getSpec());
    if (invalid.isPresent()) {
      return reportAlone(release, invalid.get(), reconcileState, context);
    }
    if (excess.isPresent()) {
      return setAside(release, excess.get(), reconcileState, context);
    }
    ObservedState all = observer.observe(release, reconcileState, informers);
    ObservedState seen = all.departing(departures(all, reconcileState, context));
    ReconcilePlan reconcilePlan = records.recorded(seen, reconcileState, informers, context);
    NamespaceLeftovers leftovers =
        NamespaceLeftovers.of(seen.release(), seen.scope(), seen.selection(), fleetCache);
    ReconcileSteps steps = reconcileState.steps();
    Optional<Pod> seeder = seeder(seen, reconcilePlan, reconcileState, context);
    steps.run(
        "send grants to its nodes",
        () -> {
          grantIssuer.places(informers.nodes().places());
          grantIssuer.apply(seen, reconcilePlan, leftovers, seeder.orElse(null), reconcileState);
        });
    steps.run("label its nodes", () -> revisionLabels.apply(seen, informers));
    steps.run(
        "provide its volume and claim",
        () -> volumes.apply(seen, leftovers, reconcileState, informers, context));
    return report(seen, reconcilePlan, reconcileState, context);
  }

  private Optional<Pod> seeder(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    return reconcileState
        .steps()
        .get(
            "manage its seeder",
            Optional.ofNullable(reconcilePlan.seederPod()),
            () -> seeders.apply(seen, reconcilePlan, reconcileState, informers, context));
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
      Problem problem,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    grantIssuer.leave(release);
    boolean superseded =
        problem != null
            && reconcileState
                .steps()
                .get(
                    ReconcileSteps.WRITE_STATUS,
                    false,
                    () ->
                        reporter.report(
                            problem, release, reconcileState, clocks.now(reconcileState), context));
    return superseded
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(reconcileState);
  }

  private static UpdateControl<SwarmRelease> again(ReconcileState reconcileState) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    return reconcileState.steps().pause().map(control::rescheduleAfter).orElse(control);
  }

  private Departures departures(
      ObservedState seen, ReconcileState reconcileState, Context<SwarmRelease> context) {
    return Departures.of(
        seen.release(),
        seen.selection(),
        seen.inForce(),
        seen.now().uptime(),
        () -> volumes.usedOnLeaving(seen, reconcileState, context),
        reconcileState.removalRate());
  }

  /** What is placed stays, and nothing else is done. */
  private UpdateControl<SwarmRelease> setAside(
      SwarmRelease release,
      Problem excess,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    ObservedState seen = observer.setAside(release, reconcileState, informers);
    ReconcilePlan reconcilePlan = ReconcilePlan.refused(seen, excess);
    seeder(seen, reconcilePlan, reconcileState, context);
    grantIssuer.apply(seen, reconcilePlan, NamespaceLeftovers.NONE, null, reconcileState);
    return report(seen, reconcilePlan, reconcileState, context);
  }

  @Override
  public DeleteControl cleanup(SwarmRelease release, Context<SwarmRelease> context) {
    LogContext.begin();
    ReconcileState reconcileState = reconcileStates.of(release);
    reconcileState.begin(release, clocks.now(reconcileState));
    Optional<Duration> pause = finalizer.apply(release, reconcileState, informers, context);
    reconcileState.log().deletion(release, pause.isEmpty());
    if (pause.isEmpty()) {
      reconcileStates.forget(release);
      informers.serving().gone(release.getMetadata().getUid());
    }
    setAlarm(release, pause);
    DeleteControl control = DeleteControl.noFinalizerRemoval(); // that was the removal's last step
    return pause.filter(Duration::isZero).isPresent()
        ? control.rescheduleAfter(Duration.ZERO)
        : control;
  }
}

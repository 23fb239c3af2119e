package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.ResourceNames;
import dev.corvid.operator.fleet.InformerTransforms;
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

  private final Parts parts;
  private Cluster cluster;

  public SwarmReleaseReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void updateConfigurationFrom(ControllerConfigurationOverrider<SwarmRelease> overrider) {
    overrider
        .withItemStore(new TransformingItemStore<>(InformerTransforms::release))
        .withInformerListLimit(Cluster.TENANTS_PAGE)
        .withGenerationAware(false)
        .withOnUpdateFilter(SwarmReleaseReconciler::matters);
    if (!parts.config().watchNamespaces().isEmpty()) {
      overrider.settingNamespaces(Set.copyOf(parts.config().watchNamespaces()));
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
    cluster = parts.watch(context);
    return cluster.sources();
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
    cluster.alarms().set(ResourceID.fromResource(release), pause.filter(Duration::isPositive));
  }

  private UpdateControl<SwarmRelease> next(SwarmRelease release, Context<SwarmRelease> context) {
    Track track = parts.tracks().of(release);
    Steps steps = track.steps();
    track.begin(release, parts.now(track));
    return steps
        .get(
            "reconcile the release",
            Optional.<UpdateControl<SwarmRelease>>empty(),
            () -> Optional.of(look(release, track, context)))
        .orElseGet(() -> reportAlone(release, steps.problem(), track, context));
  }

  /**
   * What is observed and decided comes from caches and memory, and nothing can be done without it:
   * only an error of this program fails there. What follows are steps of their own.
   */
  private UpdateControl<SwarmRelease> look(
      SwarmRelease release, Track track, Context<SwarmRelease> context) {
    Optional<Problem> excess = cluster.serving().excess(release);
    Optional<Problem> invalid = Decision.invalidSelector(release.getSpec());
    if (invalid.isPresent()) {
      return reportAlone(release, invalid.get(), track, context);
    }
    if (excess.isPresent()) {
      return setAside(release, excess.get(), track, context);
    }
    Observed all = parts.observer().observe(release, track, cluster);
    Observed seen = all.departing(departures(all, track, context));
    Decision decision = parts.records().recorded(seen, track, cluster, context);
    Evictions evictions = parts.evictions(seen);
    Steps steps = track.steps();
    Optional<Pod> seeder = seeder(seen, decision, track, context);
    steps.run(
        "send grants to its nodes",
        () -> {
          parts.granting().places(cluster.nodes().places());
          parts.granting().apply(seen, decision, evictions, seeder.orElse(null), track);
        });
    steps.run("label its nodes", () -> parts.labelling().apply(seen, cluster));
    steps.run(
        "provide its volume and claim",
        () -> parts.volumes().apply(seen, evictions, track, cluster, context));
    return report(seen, decision, track, context);
  }

  private Optional<Pod> seeder(
      Observed seen, Decision decision, Track track, Context<SwarmRelease> context) {
    return track
        .steps()
        .get(
            "manage its seeder",
            Optional.ofNullable(decision.seederPod()),
            () -> parts.seeders().apply(seen, decision, track, cluster, context));
  }

  private UpdateControl<SwarmRelease> report(
      Observed seen, Decision decision, Track track, Context<SwarmRelease> context) {
    Steps steps = track.steps();
    boolean failed = steps.isFailing(Steps.WRITE_STATUS);
    UpdateControl<SwarmRelease> control =
        steps
            .get(
                Steps.WRITE_STATUS,
                Optional.<UpdateControl<SwarmRelease>>empty(),
                () -> Optional.of(parts.reporter().report(seen, decision, track, context)))
            .orElseGet(() -> again(track));
    // What waited for the status, such as the end of a seeder, is due when it is written at last.
    return failed && !steps.isFailing(Steps.WRITE_STATUS)
        ? control.rescheduleAfter(Duration.ZERO)
        : control;
  }

  /** Nothing is done but to report this, as far as the status can be written; null for nothing. */
  private UpdateControl<SwarmRelease> reportAlone(
      SwarmRelease release, Problem problem, Track track, Context<SwarmRelease> context) {
    parts.granting().leave(release);
    boolean superseded =
        problem != null
            && track
                .steps()
                .get(
                    Steps.WRITE_STATUS,
                    false,
                    () ->
                        parts
                            .reporter()
                            .report(problem, release, track, parts.now(track), context));
    return superseded
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(track);
  }

  private static UpdateControl<SwarmRelease> again(Track track) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    return track.steps().pause().map(control::rescheduleAfter).orElse(control);
  }

  private Departures departures(Observed seen, Track track, Context<SwarmRelease> context) {
    return Departures.of(
        seen, () -> parts.volumes().usedOnLeaving(seen, track, context), track.removalRate());
  }

  /** What is placed stays, and nothing else is done. */
  private UpdateControl<SwarmRelease> setAside(
      SwarmRelease release, Problem excess, Track track, Context<SwarmRelease> context) {
    Observed seen = parts.observer().setAside(release, track, cluster);
    Decision decision = Decision.refused(seen, excess);
    seeder(seen, decision, track, context);
    parts.granting().apply(seen, decision, Evictions.NONE, null, track);
    return report(seen, decision, track, context);
  }

  @Override
  public DeleteControl cleanup(SwarmRelease release, Context<SwarmRelease> context) {
    LogContext.begin();
    Track track = parts.tracks().of(release);
    track.begin(release, parts.now(track));
    Optional<Duration> pause = parts.removal().apply(release, track, cluster, context);
    track.log().deletion(release, pause.isEmpty());
    if (pause.isEmpty()) {
      parts.tracks().forget(release);
      cluster.serving().gone(release.getMetadata().getUid());
    }
    setAlarm(release, pause);
    DeleteControl control = DeleteControl.noFinalizerRemoval(); // that was the removal's last step
    return pause.filter(Duration::isZero).isPresent()
        ? control.rescheduleAfter(Duration.ZERO)
        : control;
  }
}

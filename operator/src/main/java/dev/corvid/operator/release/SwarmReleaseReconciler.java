package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.Names;
import dev.corvid.operator.fleet.Trimmed;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Brings one release to where its spec wants it, one step at a time. */
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
@ControllerConfiguration(
    name = SwarmReleaseReconciler.NAME,
    finalizerName = SwarmRelease.FINALIZER,
    fieldManager = Names.FIELD_MANAGER)
public final class SwarmReleaseReconciler
    implements Reconciler<SwarmRelease>,
        Cleaner<SwarmRelease>,
        ConfigurableReconciler<SwarmRelease> {
  public static final String NAME = "swarmrelease";

  private final Parts parts;
  private final Map<String, Track> tracks = new ConcurrentHashMap<>();
  private Cluster cluster;

  public SwarmReleaseReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void updateConfigurationFrom(ControllerConfigurationOverrider<SwarmRelease> overrider) {
    overrider
        .withItemStore(new TransformingItemStore<>(Trimmed::release))
        .withInformerListLimit(Cluster.TENANTS_PAGE)
        .withGenerationAware(false)
        .withOnUpdateFilter(SwarmReleaseReconciler::matters);
    if (!parts.config().watchNamespaces().isEmpty()) {
      overrider.settingNamespaces(Set.copyOf(parts.config().watchNamespaces()));
    }
  }

  /** An edit, a deletion, our finalizer, or an annotation that allows something; no status. */
  private static boolean matters(SwarmRelease now, SwarmRelease before) {
    return !Allowances.of(now).equals(Allowances.of(before))
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
    Track track = track(release);
    Optional<Problem> excess = cluster.serving().excess(release);
    if (excess.isPresent()) {
      return setAside(release, excess.get(), track, context);
    }
    Observed seen = parts.observer().observe(release, track, cluster);
    seen = seen.departing(departures(seen, track, context));
    Decision decision = Decision.of(seen);
    var seeder = parts.seeders().apply(seen, decision, track, cluster, context);
    parts.granting().places(cluster.nodes().places());
    Evictions evictions = parts.evictions(seen);
    parts.granting().apply(seen, decision, evictions, seeder.orElse(null));
    parts.labelling().apply(seen, cluster);
    parts.volumes().apply(seen, evictions, track, cluster, context);
    return parts.reporter().report(seen, decision, track, context);
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
    parts.seeders().apply(seen, decision, track, cluster, context);
    parts.granting().apply(seen, decision, Evictions.NONE, null);
    return parts.reporter().report(seen, decision, track, context);
  }

  @Override
  public DeleteControl cleanup(SwarmRelease release, Context<SwarmRelease> context) {
    DeleteControl control = parts.removal().apply(release, track(release), cluster, context);
    if (control.isRemoveFinalizer()) {
      tracks.remove(release.getMetadata().getUid());
      cluster.serving().gone(release.getMetadata().getUid());
    }
    return control;
  }

  private Track track(SwarmRelease release) {
    return tracks.computeIfAbsent(release.getMetadata().getUid(), uid -> new Track());
  }
}

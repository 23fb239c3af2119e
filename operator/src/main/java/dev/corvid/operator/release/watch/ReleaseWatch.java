package dev.corvid.operator.release.watch;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.config.OperatorSettings;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.wire.grant.ReleaseName;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The releases that exist, from the framework's synced cache, and how they are woken; none exists
 * before the framework begins to watch. Thread-safe.
 */
public final class ReleaseWatch {
  private static final String MAKE_KEY =
      "read or create what the operator signs with, the Secret %s and the ConfigMap %s"
          .formatted(ResourceNames.SIGNING, ResourceNames.TRUST);

  private final OperatorConfig config;
  private final String namespace;
  private final FleetCache fleetCache;
  private final NodeAddresses addresses;
  private volatile @Nullable ReleaseInformers informers;
  private volatile boolean open;
  private volatile @Nullable Problem obstacle;

  public ReleaseWatch(OperatorSettings settings, FleetCache fleetCache, TrackerOutbox outbox) {
    this.config = settings.config();
    this.namespace = settings.namespace();
    this.fleetCache = fleetCache;
    this.addresses = new NodeAddresses(outbox::place);
  }

  /** The framework is ready to watch. */
  public ReleaseInformers begin(EventSourceContext<SwarmRelease> context) {
    var begun = new ReleaseInformers(context, config, namespace, addresses);
    informers = begun;
    return begun;
  }

  /** Only once the watch has begun. */
  public ReleaseInformers informers() {
    return requireNonNull(informers, "the watch has begun");
  }

  /** Releases may be reconciled from now on: there is a key to sign grants and statuses with. */
  public void open() {
    open = true;
    wakeAll();
  }

  /** There is no key yet, for this reason: releases that wait for it say so. */
  public void keepClosed(RuntimeException failure) {
    Problem problem = ReconcileSteps.problem(MAKE_KEY, failure);
    if (problem.needsSomebody() && !problem.equals(obstacle)) {
      obstacle = problem;
      wakeAll();
    }
  }

  /** What keeps releases from being reconciled before {@link #open}, if somebody has to know. */
  public Optional<Problem> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /**
   * Whether releases may be reconciled. Until then nothing is decided, and the operator writes
   * nothing but Events; yet the framework adds the finalizer, so that a deletion waits as well.
   */
  public boolean isOpen() {
    return open;
  }

  /** Namespaces whose releases are watched; empty for all. */
  public Set<String> namespaces() {
    return Set.copyOf(config.watchNamespaces());
  }

  /** The releases that exist. */
  public List<SwarmRelease> releases() {
    ReleaseInformers begun = informers;
    return begun == null ? List.of() : begun.releases();
  }

  /** Uids of the releases that exist. */
  public Set<String> uids() {
    return releases().stream()
        .map(release -> release.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  /** Names of the releases that exist. */
  public Set<ReleaseName> names() {
    return releases().stream().map(ResourceNames::nameOf).collect(Collectors.toSet());
  }

  /** For what concerns every release, such as a tracker that is lost, or a reign that begins. */
  public void wakeAll() {
    informers().wake(uids());
  }

  /**
   * Nodes reported on these releases, known ones or not: what one that is gone left is in the way
   * of the one of its name.
   */
  public void reported(Set<String> releaseUids) {
    Set<String> unknown = new HashSet<>(releaseUids);
    unknown.removeAll(uids());
    informers().wake(releaseUids);
    informers().wakeNamed(fleetCache.names(unknown));
  }

  /** Wakes those of these releases that exist. */
  public void wake(Collection<String> releaseUids) {
    informers().wake(releaseUids);
  }

  public void wakeNamed(Collection<ReleaseName> names) {
    informers().wakeNamed(names);
  }
}

package dev.corvid.operator.release.state;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.step.Clocks;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is remembered of each release, as long as it exists. Thread-safe. */
public final class ReconcileStates {
  private final Clocks clocks;
  private final Map<String, ReconcileState> byUid = new ConcurrentHashMap<>();

  public ReconcileStates(Clocks clocks) {
    this.clocks = clocks;
  }

  public ReconcileState of(SwarmRelease release) {
    return byUid.computeIfAbsent(release.getMetadata().getUid(), _ -> new ReconcileState(clocks));
  }

  public void forget(SwarmRelease release) {
    byUid.remove(release.getMetadata().getUid());
  }

  /** Forgets the releases that are gone: of one whose finalizer somebody removed none is told. */
  public void retain(Set<String> releaseUids) {
    byUid.keySet().retainAll(releaseUids);
  }
}

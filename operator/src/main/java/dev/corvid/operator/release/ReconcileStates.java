package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is remembered of each release, as long as it exists. Thread-safe. */
final class ReconcileStates {
  private final Clocks clocks;
  private final Map<String, ReconcileState> byUid = new ConcurrentHashMap<>();

  ReconcileStates(Clocks clocks) {
    this.clocks = clocks;
  }

  ReconcileState of(SwarmRelease release) {
    return byUid.computeIfAbsent(release.getMetadata().getUid(), _ -> new ReconcileState(clocks));
  }

  void forget(SwarmRelease release) {
    byUid.remove(release.getMetadata().getUid());
  }

  /** Forgets the releases that are gone: of one whose finalizer somebody removed none is told. */
  void retain(Set<String> releaseUids) {
    byUid.keySet().retainAll(releaseUids);
  }
}

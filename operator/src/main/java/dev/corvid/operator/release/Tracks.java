package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is remembered of each release, as long as it exists. Thread-safe. */
final class Tracks {
  private final Map<String, Track> byUid = new ConcurrentHashMap<>();

  Track of(SwarmRelease release) {
    return byUid.computeIfAbsent(release.getMetadata().getUid(), uid -> new Track());
  }

  void forget(SwarmRelease release) {
    byUid.remove(release.getMetadata().getUid());
  }

  /** Forgets the releases that are gone: of one whose finalizer somebody removed none is told. */
  void retain(Set<String> releaseUids) {
    byUid.keySet().retainAll(releaseUids);
  }
}

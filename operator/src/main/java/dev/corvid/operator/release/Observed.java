package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.Publication;
import dev.corvid.wire.Roots;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is, at one moment, without judgement.
 *
 * @param root null when the admin opened none of that name
 * @param publication proven, and of the source that the spec names now; null when there is none
 * @param seeders the release's pods, whatever their state
 * @param volume null when there is none, as with the claim
 */
record Observed(
    SwarmRelease release,
    String sourceHash,
    Roots.Root root,
    Census census,
    ReleaseFleet fleet,
    Publication publication,
    List<Pod> seeders,
    PersistentVolume volume,
    PersistentVolumeClaim claim,
    Instant now) {

  String uid() {
    return release.getMetadata().getUid();
  }

  SwarmReleaseStatus status() {
    return release.getStatus() == null ? SwarmReleaseStatus.empty() : release.getStatus();
  }

  Optional<PersistentVolumeClaim> claimed() {
    return Optional.ofNullable(claim);
  }
}

package dev.corvid.e2e.scenario;

import dev.corvid.api.v1alpha1.SwarmRelease;

/**
 * What Flux, Helm and other users of kstatus make of a release: the rules of
 * sigs.k8s.io/cli-utils/pkg/kstatus for custom resources.
 */
enum KStatus {
  IN_PROGRESS,
  CURRENT,
  FAILED,
  TERMINATING;

  static KStatus of(SwarmRelease release) {
    var metadata = release.getMetadata();
    if (metadata.getDeletionTimestamp() != null) {
      return TERMINATING;
    }
    var status = release.getStatus();
    if (status == null || !metadata.getGeneration().equals(status.observedGeneration())) {
      return IN_PROGRESS;
    }
    if (is(release, "Stalled", "True")) {
      return FAILED;
    }
    if (is(release, "Reconciling", "True") || !is(release, "Ready", "True")) {
      return IN_PROGRESS;
    }
    return CURRENT;
  }

  private static boolean is(SwarmRelease release, String type, String status) {
    return Tenant.condition(release, type)
        .filter(condition -> condition.getStatus().equals(status))
        .isPresent();
  }
}

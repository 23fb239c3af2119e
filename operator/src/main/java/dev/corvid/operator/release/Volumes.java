package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.volume.VolumeModel;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes the volume and the claim by which pods mount a release. */
final class Volumes {
  private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);

  private final boolean nodeLabels;

  /**
   * @param nodeLabels whether pods are to be scheduled only where the release is active
   */
  Volumes(boolean nodeLabels) {
    this.nodeLabels = nodeLabels;
  }

  /**
   * The volume first, the claim only when the cluster knows the volume: a claim that comes before
   * waits up to 25 s for the next round of the binder.
   */
  void apply(Observed seen, Track track, Cluster cluster, Context<SwarmRelease> context) {
    if (seen.root() == null || !seen.root().allows(namespace(seen))) {
      return;
    }
    PersistentVolume wanted = VolumeModel.volume(seen.release(), seen.root(), nodeLabels);
    PersistentVolume found = seen.volume();
    if (found == null) {
      context.resourceOperations().serverSideApply(wanted, cluster.volumes());
    } else if (found.getMetadata().getDeletionTimestamp() != null) {
      return; // its end wakes this release
    } else if (seen.claim() == null && is(found, "Released")) {
      // Somebody deleted the claim. Such a volume never binds again; a new one does.
      context.getClient().resource(found).delete();
    } else if (!VolumeModel.fits(found, wanted) && track.mayCheckVolume(seen.now())) {
      replace(seen, context);
    } else if (seen.claim() == null
        && (is(found, "Available") || is(found, "Bound"))
        && track.mayClaim(seen.now())) {
      claim(seen, track, cluster, context);
    }
  }

  /** The selector changed. Pods that use the claim keep it; the last one to go makes room. */
  private static void replace(Observed seen, Context<SwarmRelease> context) {
    if (users(seen.release(), context).isEmpty()) {
      seen.claimed().ifPresent(claim -> context.getClient().resource(claim).delete());
      context.getClient().resource(seen.volume()).delete();
    }
  }

  private void claim(Observed seen, Track track, Cluster cluster, Context<SwarmRelease> context) {
    try {
      context
          .resourceOperations()
          .serverSideApply(VolumeModel.claim(seen.release()), cluster.claims());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      // The release does not depend on it; a look in a minute or later tries again.
      track.claimRefused(seen.now());
      LOG.warn(
          "The claim {}/{} is refused: {}",
          namespace(seen),
          seen.release().getMetadata().getName(),
          e.getMessage());
    }
  }

  private static boolean is(PersistentVolume volume, String phase) {
    return volume.getStatus() != null && phase.equals(volume.getStatus().getPhase());
  }

  private static String namespace(Observed seen) {
    return seen.release().getMetadata().getNamespace();
  }

  /** Deletes the claim, and when it is gone the volume. */
  Removed remove(SwarmRelease release, Cluster cluster, Context<SwarmRelease> context) {
    var claim = cluster.claimOf(release);
    if (claim != null) {
      if (claim.getMetadata().getDeletionTimestamp() == null) {
        context.getClient().resource(claim).delete();
      }
      return new Removed(false, users(release, context));
    }
    Optional.ofNullable(cluster.volumeOf(release))
        .filter(volume -> volume.getMetadata().getDeletionTimestamp() == null)
        .ifPresent(volume -> context.getClient().resource(volume).delete());
    return new Removed(true, List.of());
  }

  /**
   * @param done whether no pod can reach the release any more
   * @param users the pods that still do
   */
  record Removed(boolean done, List<String> users) {}

  /**
   * The nodes that are to give the release up, and on which pods still use it: it is not taken from
   * under them.
   */
  Set<String> usedOnLeaving(Observed seen, Track track, Context<SwarmRelease> context) {
    if (seen.census().leaving().isEmpty()) {
      return Set.of();
    }
    if (track.mayAskForUsers(seen.now())) {
      track.usedOn(
          pods(seen.release(), context)
              .filter(pod -> !hasEnded(pod))
              .map(pod -> pod.getSpec().getNodeName())
              .filter(Objects::nonNull)
              .collect(Collectors.toSet()));
    }
    return track.usedOn();
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  /** Pods that have ended count: the cluster lets go of a claim only when they are deleted. */
  private static List<String> users(SwarmRelease release, Context<SwarmRelease> context) {
    return pods(release, context)
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .limit(10)
        .toList();
  }

  /** Asked only while a deletion or a node waits for them: pods are not watched for it. */
  private static Stream<Pod> pods(SwarmRelease release, Context<SwarmRelease> context) {
    String claim = release.getMetadata().getName();
    return context
        .getClient()
        .pods()
        .inNamespace(release.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(pod -> uses(pod, claim));
  }

  private static boolean uses(Pod pod, String claim) {
    return pod.getSpec().getVolumes().stream()
        .anyMatch(
            volume ->
                volume.getPersistentVolumeClaim() != null
                    && claim.equals(volume.getPersistentVolumeClaim().getClaimName()));
  }
}

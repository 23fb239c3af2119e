package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.grant.NamespaceLeftovers;
import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Deletion;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.volume.ClaimPods;
import dev.corvid.operator.release.volume.ClaimUsers;
import dev.corvid.operator.release.volume.VolumeChecks;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.volume.VolumeObjects;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes and removes the volume and the claim by which pods mount a release. */
final class Volumes {
  /** Until the next look at the pods that hold the volume, for what no watch tells. */
  private static final Duration CHECK = Duration.ofMinutes(1);

  /** The same when none does: one may have been scheduled as the claim was deleted. */
  private static final Duration CLOSE_CHECK = Duration.ofSeconds(10);

  private final boolean nodeLabels;
  private final ClaimUsers claimUsers;
  private final Map<String, VolumeChecks> checksByUid = new ConcurrentHashMap<>();

  /**
   * @param nodeLabels whether pods are to be scheduled only where the release is active
   * @param claimUsers wakes a release when a pod that uses its claim is gone
   */
  Volumes(boolean nodeLabels, ClaimUsers claimUsers) {
    this.nodeLabels = nodeLabels;
    this.claimUsers = claimUsers;
  }

  /** What this process remembers of the release's volume and claim. */
  VolumeChecks checksOf(String releaseUid) {
    return checksByUid.computeIfAbsent(releaseUid, _ -> new VolumeChecks());
  }

  /** Forgets the releases that are gone. */
  void retain(Set<String> releaseUids) {
    checksByUid.keySet().retainAll(releaseUids);
  }

  /**
   * The volume first, the claim only when the cluster knows the volume: a claim that comes before
   * waits up to 25 s for the next round of the binder.
   */
  void apply(
      ObservedState seen,
      NamespaceLeftovers leftovers,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    Roots.Root root = seen.location().root();
    if (root == null || !root.allows(namespace(seen))) {
      return;
    }
    VolumeChecks checks = checksOf(seen.uid());
    PersistentVolume wanted = VolumeObjects.volume(seen.release(), root, nodeLabels);
    PersistentVolume found = seen.mount().volume();
    boolean outdated = found != null && !VolumeObjects.fits(found, wanted);
    if (!outdated) {
      claimUsers.forget(ResourceNames.nameOf(seen.release()));
      checks.fits();
    }
    if (seen.mount().claim() != null) {
      checks.mountable();
    }
    if (found == null) {
      if (mayMake(seen, leftovers, checks)) {
        make(wanted, seen, checks, context, informers.volumes());
      }
    } else if (seen.mount().claim() == null && is(found, "Released")) {
      // Somebody deleted the claim. Such a volume never binds again; a new one does.
      Deletion.delete(found, context);
    } else if (outdated && !seen.holdsBack()) {
      replace(found, seen, checks, context);
    } else if (seen.mount().claim() == null
        && found.getMetadata().getDeletionTimestamp() == null // or its end wakes this release
        && (is(found, "Available") || is(found, "Bound"))
        && mayMake(seen, leftovers, checks)) {
      make(VolumeObjects.claim(seen.release()), seen, checks, context, informers.claims());
    }
  }

  private static boolean mayMake(
      ObservedState seen, NamespaceLeftovers leftovers, VolumeChecks checks) {
    if (!leftovers.areOver()) {
      checks.notYetMountable(leftovers.problem());
      return false;
    }
    return checks.mayMake(seen.now().uptime());
  }

  /**
   * The selector changed, and the nodes of a local volume can never be. Pods that use the claim
   * keep the volume as it was; the last one to go makes room for the new one. One that is scheduled
   * while the claim is being deleted cannot start, and holds the claim: it is named, too.
   */
  private void replace(
      PersistentVolume volume,
      ObservedState seen,
      VolumeChecks checks,
      Context<SwarmRelease> context) {
    boolean due = checks.mayCheck(seen.now().uptime());
    if (!claimUsers.mayBeFewer(ResourceNames.nameOf(seen.release())) && !due) {
      return;
    }
    ClaimPods pods = ClaimPods.list(seen.release(), context.getClient());
    VolumeUsers users = pods.users();
    if (users.count() == 0 && !pods.areBeingScheduled(seen.now().wall())) {
      seen.mount().claimed().ifPresent(claim -> Deletion.delete(claim, context));
      Deletion.delete(volume, context);
    }
    checks.heldBy(users, seen.now().uptime().plus(users.count() == 0 ? CLOSE_CHECK : CHECK));
  }

  /** Created, never applied: an object of that name that is somebody else's stays as it is. */
  private <T extends HasMetadata> void make(
      T wanted,
      ObservedState seen,
      VolumeChecks checks,
      Context<SwarmRelease> context,
      InformerEventSource<T, SwarmRelease> source) {
    try {
      context.resourceOperations().create(wanted, source);
      checks.mountable();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        taken(wanted, seen, checks, context);
      } else if (ApiRefusal.isOfObject(e)) {
        refused(wanted, seen, checks, e);
      } else {
        throw e;
      }
    }
  }

  /** By a quota, a policy or missing rights; a later look tries again. */
  private static void refused(
      HasMetadata wanted, ObservedState seen, VolumeChecks checks, KubernetesClientException e) {
    checks.notMountable(
        new Problem(
            Reason.ClaimRefused,
            "the cluster refuses the %s %s; until this is fixed no pod can mount the release. Nodes still receive it: %s"
                .formatted(noun(wanted), wanted.getMetadata().getName(), ApiRefusal.words(e))),
        seen.now().uptime());
  }

  private static String noun(HasMetadata wanted) {
    return wanted instanceof PersistentVolumeClaim ? "claim" : "volume";
  }

  private static void taken(
      HasMetadata wanted, ObservedState seen, VolumeChecks checks, Context<SwarmRelease> context) {
    HasMetadata found = context.getClient().resource(wanted).get();
    if (found == null || isOwn(found, seen.release())) {
      checks.notMountable(null, seen.now().uptime()); // a moment ahead of the watch
      return;
    }
    String message =
        "the %s %s exists and is not this release's: delete it, or give the release another name;"
            + " until this is fixed no pod can mount the release. Nodes still receive it";
    checks.notMountable(
        new Problem(
            Reason.ClaimConflict,
            message.formatted(wanted.getKind(), wanted.getMetadata().getName())),
        seen.now().uptime());
  }

  private static boolean isOwn(HasMetadata found, SwarmRelease release) {
    return switch (found) {
      case PersistentVolumeClaim claim -> VolumeObjects.isClaimOf(claim, release);
      case PersistentVolume volume -> VolumeObjects.isVolumeOf(volume, release);
      default -> false;
    };
  }

  private static boolean is(PersistentVolume volume, String phase) {
    return volume.getStatus() != null && phase.equals(volume.getStatus().getPhase());
  }

  private static String namespace(ObservedState seen) {
    return seen.release().getMetadata().getNamespace();
  }

  /** Deletes the claim, which waits for the pods that use it. */
  Removed removeClaim(
      SwarmRelease release, ReleaseInformers informers, Context<SwarmRelease> context) {
    claimUsers.forget(ResourceNames.nameOf(release));
    var claim = informers.claimOf(release);
    if (claim == null) {
      return new Removed(true, VolumeUsers.NONE);
    }
    Deletion.delete(claim, context);
    return new Removed(false, ClaimPods.list(release, context.getClient()).users());
  }

  /** Deletes the volume, once the claim is gone. */
  void removeVolume(
      SwarmRelease release, ReleaseInformers informers, Context<SwarmRelease> context) {
    Optional.ofNullable(informers.volumeOf(release))
        .ifPresent(volume -> Deletion.delete(volume, context));
  }

  /**
   * @param done whether no pod can reach the release any more
   * @param users the pods that still do
   */
  record Removed(boolean done, VolumeUsers users) {}
}

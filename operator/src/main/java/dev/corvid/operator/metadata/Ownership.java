package dev.corvid.operator.metadata;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Optional;

/**
 * Whose an object is. A label only selects what is watched: whoever may create an object chooses
 * its labels. An object is a release's own if its controller is that release, by UID, in the same
 * namespace; nothing else is read as the release's, changed or deleted.
 */
public final class Ownership {
  private static final String GROUP = "corvid.dev/";
  private static final String KIND = "SwarmRelease";

  private Ownership() {}

  /** Whether that release controls the object. */
  public static boolean isControlledBy(HasMetadata object, HasMetadata release) {
    String namespace = release.getMetadata().getNamespace();
    return namespace != null
        && namespace.equals(object.getMetadata().getNamespace())
        && release(object)
            .filter(owner -> release.getMetadata().getName().equals(owner.getName()))
            .filter(owner -> release.getMetadata().getUid().equals(owner.getUid()))
            .isPresent();
  }

  /** The release that an object names as its controller. */
  public static Optional<OwnerReference> release(HasMetadata object) {
    return controller(object)
        .filter(owner -> KIND.equals(owner.getKind()))
        .filter(owner -> owner.getApiVersion().startsWith(GROUP));
  }

  /** Whether the chart's DaemonSet made this pod of the operator's namespace. */
  public static boolean isPeer(HasMetadata pod) {
    return controller(pod)
        .filter(owner -> "DaemonSet".equals(owner.getKind()))
        .filter(owner -> owner.getApiVersion().startsWith("apps/"))
        .filter(owner -> ResourceNames.PEER.equals(owner.getName()))
        .isPresent();
  }

  /** An object has one controller at most. */
  public static Optional<OwnerReference> controller(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> owner.getApiVersion() != null)
        .findFirst();
  }
}

package dev.corvid.operator.tracker;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The tracker's objects in the cluster. */
public interface TrackerResources {
  /**
   * Brings them to where the model wants them.
   *
   * @throws KubernetesClientException when the API server refuses one of them, or cannot be
   *     reached; the other one is applied all the same
   */
  void ensure();

  /** Whether all of them are there, be it of an earlier model. */
  boolean exist();

  /** Why the cluster refuses the tracker's pod; empty while it does not. */
  Optional<String> podRefusal();
}

package dev.corvid.operator.pod;

import dev.corvid.wire.Endpoint;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a pod is, as the kubelet reports it, in the form of {@link Endpoint#canonical}. */
public final class PodAddresses {
  private PodAddresses() {}

  /**
   * The IP that others are told of: a pod that Corvid runs is told the same one, and listens on it.
   * Empty before the kubelet reports any.
   */
  public static Optional<String> primary(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : Endpoint.ifAddress(pod.getStatus().getPodIP());
  }

  /** Every IP, one for each IP family of the cluster: the pod may connect from any of them. */
  public static Set<String> all(Pod pod) {
    return pod.getStatus() == null
        ? Set.of()
        : Stream.concat(
                primary(pod).stream(),
                pod.getStatus().getPodIPs().stream()
                    .map(PodIP::getIp)
                    .flatMap(ip -> Endpoint.ifAddress(ip).stream()))
            .collect(Collectors.toSet());
  }
}

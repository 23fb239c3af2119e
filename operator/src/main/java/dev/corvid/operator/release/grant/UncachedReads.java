package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Asks for what no cache is to answer. */
public record UncachedReads(KubernetesClient client) implements Namespaces.Server {
  @Override
  public Namespace namespace(String name) {
    return client.namespaces().withName(name).get();
  }

  @Override
  public boolean exists(SwarmRelease release) {
    SwarmRelease found =
        client
            .resources(SwarmRelease.class)
            .inNamespace(release.getMetadata().getNamespace())
            .withName(release.getMetadata().getName())
            .get();
    return found != null && found.getMetadata().getUid().equals(release.getMetadata().getUid());
  }
}

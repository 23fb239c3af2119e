package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Optional;

/**
 * The CustomResourceDefinition of SwarmReleases: without it, the absence of a release means
 * nothing.
 */
final class ResourceDefinition {
  private final KubernetesClient client;

  ResourceDefinition(KubernetesClient client) {
    this.client = client;
  }

  /** Whether it exists and is not being deleted. */
  boolean isStanding() {
    return standingSince().isPresent();
  }

  /** When it was made; empty when it does not exist, or is being deleted. */
  Optional<Instant> standingSince() {
    String name = HasMetadata.getFullResourceName(SwarmRelease.class);
    return Optional.ofNullable(
            client.apiextensions().v1().customResourceDefinitions().withName(name).get())
        .filter(definition -> definition.getMetadata().getDeletionTimestamp() == null)
        .map(definition -> Instant.parse(definition.getMetadata().getCreationTimestamp()));
  }
}

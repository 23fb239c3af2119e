package dev.corvid.operator.tracker;

import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.metadata.Sha256Hex;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tracker's Deployment and Service as the model says, owned by the operator's Deployment
 * so that they go when it goes.
 */
public final class TrackerDeployment implements TrackerResources {
  /** Annotation: the model that an object was applied from. */
  private static final String MODEL = "corvid.dev/model";

  private final KubernetesClient client;
  private final TrackerObjects objects;
  private final String namespace;

  public TrackerDeployment(KubernetesClient client, TrackerObjects objects, String namespace) {
    this.client = client;
    this.objects = objects;
    this.namespace = namespace;
  }

  /** Applies what is missing or of another model; writes nothing else. */
  @Override
  public void ensure() {
    List<OwnerReference> owners = owners();
    try {
      apply(objects.service(owners));
    } finally {
      apply(objects.deployment(owners));
    }
  }

  @Override
  public boolean exist() {
    return Stream.of(objects.service(List.of()), objects.deployment(List.of()))
        .allMatch(wanted -> client.resource(wanted).get() != null);
  }

  /** A quota or a policy that refuses pods admits the Deployment, whose controller reports it. */
  @Override
  public Optional<String> podRefusal() {
    @Nullable Deployment tracker =
        client.apps().deployments().inNamespace(namespace).withName(ResourceNames.TRACKER).get();
    return Optional.ofNullable(tracker).map(Deployment::getStatus).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> "ReplicaFailure".equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(DeploymentCondition::getMessage)
        .filter(Objects::nonNull)
        .findFirst();
  }

  private void apply(HasMetadata wanted) {
    String hash = Sha256Hex.hex(Serialization.asJson(wanted)).substring(0, 32);
    wanted.getMetadata().getAnnotations().put(MODEL, hash);
    HasMetadata found = client.resource(wanted).get();
    boolean same =
        found != null
            && found.getMetadata().getDeletionTimestamp() == null
            && hash.equals(found.getMetadata().getAnnotations().get(MODEL));
    if (!same) {
      client
          .resource(wanted)
          .fieldManager(ResourceNames.FIELD_MANAGER)
          .forceConflicts()
          .serverSideApply();
    }
  }

  private List<OwnerReference> owners() {
    Deployment operator =
        client.apps().deployments().inNamespace(namespace).withName(ResourceNames.OPERATOR).get();
    if (operator == null) {
      return List.of();
    }
    return List.of(
        new OwnerReferenceBuilder()
            .withApiVersion(operator.getApiVersion())
            .withKind(operator.getKind())
            .withName(operator.getMetadata().getName())
            .withUid(operator.getMetadata().getUid())
            .build());
  }
}

package dev.corvid.operator.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.Conditions;
import dev.corvid.operator.trust.SigningKey;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which status of a release is believed: the one that this process wrote last, whatever stands
 * there by now; before its first write, the one that stands there, if an operator with the same key
 * wrote it for this release and this uid. Otherwise none: then everything is found out again.
 */
final class TrustedStatus {
  private static final Logger LOG = LoggerFactory.getLogger(TrustedStatus.class);
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(ResourceNames.FIELD_MANAGER)
          .build();

  /** Of what is sealed and how; one of another format is not believed. */
  private static final String FORMAT = "v1";

  /** What was written and what is read must give the same text. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .serializationInclusion(JsonInclude.Include.NON_EMPTY)
          .build();

  private final Supplier<SigningKey> key;

  TrustedStatus(Supplier<SigningKey> key) {
    this.key = key;
  }

  /** Empty when none is believed. */
  SwarmReleaseStatus of(SwarmRelease release, ReconcileState reconcileState) {
    return reconcileState.status().orElseGet(() -> reconcileState.remember(read(release)));
  }

  private SwarmReleaseStatus read(SwarmRelease release) {
    SwarmReleaseStatus standing = standing(release);
    if (isOwn(release)) {
      return standing;
    }
    if (standing.updateRevision() != null || !standing.history().isEmpty()) {
      LOG.warn(
          "The status of the release {} is not this operator's: its seal is missing or wrong, or of"
              + " another uid or signing key. It is written again from what is known otherwise",
          ResourceNames.nameOf(release));
    }
    return SwarmReleaseStatus.empty();
  }

  /** What the API server has, without the conditions of others: they may have their own there. */
  static SwarmReleaseStatus standing(SwarmRelease release) {
    return Optional.ofNullable(release.getStatus())
        .map(status -> status.with(own(status.conditions())))
        .orElseGet(SwarmReleaseStatus::empty);
  }

  private static List<Condition> own(List<Condition> conditions) {
    return conditions.stream()
        .filter(condition -> Conditions.TYPES.contains(condition.getType()))
        .toList();
  }

  /** Whether what stands there was written by an operator with this key, sooner or later. */
  boolean isOwn(SwarmRelease release) {
    SwarmReleaseStatus standing = standing(release);
    return standing.seal() != null && key.get().isSealed(standing.seal(), parts(release, standing));
  }

  /**
   * What the API server has after a status was applied. An apply removes no field that somebody
   * else added: then all is removed, and it is applied once more.
   *
   * @param applied the API server's answer
   * @param apply to the release that is given to it
   */
  SwarmRelease settled(
      SwarmRelease applied, KubernetesClient client, UnaryOperator<SwarmRelease> apply) {
    if (isOwn(applied)) {
      return applied;
    }
    LOG.warn(
        "The status of the release {} has fields that somebody else wrote; they are removed",
        ResourceNames.nameOf(applied));
    return apply.apply(
        client
            .resource(StatusReporter.fresh(applied, null))
            .subresource("status")
            .patch(MERGE, "{\"status\": null}"));
  }

  SwarmReleaseStatus sealed(SwarmRelease release, SwarmReleaseStatus status) {
    return status.sealed(key.get().seal(parts(release, status)));
  }

  /** Others' conditions between them may change their order. */
  private static List<Condition> sorted(List<Condition> conditions) {
    return conditions.stream().sorted(Comparator.comparing(Condition::getType)).toList();
  }

  private static List<String> parts(SwarmRelease release, SwarmReleaseStatus status) {
    try {
      return List.of(
          "status",
          FORMAT,
          release.getMetadata().getNamespace(),
          release.getMetadata().getName(),
          release.getMetadata().getUid(),
          JSON.writeValueAsString(status.with(sorted(status.conditions())).sealed(null)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a status cannot be written as JSON", e);
    }
  }
}

package dev.corvid.operator.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.trust.SigningKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which status of a release is believed: the one that this process wrote last, whatever stands
 * there by now; before its first write, the one that stands there, if an operator with the same key
 * wrote it for this release and this uid. Otherwise none: then everything is found out again.
 */
final class TrustedStatus {
  private static final Logger LOG = LoggerFactory.getLogger(TrustedStatus.class);

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

  /** Never null; empty when none is believed. */
  SwarmReleaseStatus of(SwarmRelease release, Track track) {
    return track.status().orElseGet(() -> track.remember(read(release)));
  }

  private SwarmReleaseStatus read(SwarmRelease release) {
    SwarmReleaseStatus standing = standing(release);
    if (isOwn(release)) {
      return standing;
    }
    if (standing.updateRevision() != null || !standing.history().isEmpty()) {
      LOG.warn(
          "The status of the release {} is not this operator's: its seal is missing or wrong, or of another uid or signing key. It is written again from what is known otherwise",
          Strays.name(release));
    }
    return SwarmReleaseStatus.empty();
  }

  /** What the API server has. */
  static SwarmReleaseStatus standing(SwarmRelease release) {
    return Optional.ofNullable(release.getStatus()).orElseGet(SwarmReleaseStatus::empty);
  }

  /** Whether what stands there was written by an operator with this key, sooner or later. */
  boolean isOwn(SwarmRelease release) {
    SwarmReleaseStatus standing = standing(release);
    return standing.seal() != null && key.get().isSealed(standing.seal(), parts(release, standing));
  }

  SwarmReleaseStatus sealed(SwarmRelease release, SwarmReleaseStatus status) {
    return status.sealed(key.get().seal(parts(release, status)));
  }

  private static List<String> parts(SwarmRelease release, SwarmReleaseStatus status) {
    try {
      return List.of(
          "status",
          release.getMetadata().getNamespace(),
          release.getMetadata().getName(),
          release.getMetadata().getUid(),
          JSON.writeValueAsString(status.sealed(null)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a status cannot be written as JSON", e);
    }
  }
}

package dev.corvid.operator.seeder;

import dev.corvid.api.v1alpha1.Seeder;
import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.pod.PodSecurity;
import dev.corvid.wire.Wire;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a seeder's container finds in its file system: scratch space, token, the Secrets of source
 * and proxy, certificate authorities.
 */
final class SeederVolumes {
  private static final String SCRATCH = "scratch";
  static final String SECRET_PATH = "/etc/corvid/secret";
  private static final String PROXY = "proxy";
  private static final String CA = "ca";
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  /**
   * The seeder keeps to the size itself, and says so; the kubelet, which counts directories as
   * well, must not evict it before.
   */
  private static final long SCRATCH_MARGIN_BYTES = 16L << 20;

  private final OperatorConfig.Seeder config;
  private final SeederBudget budget;

  SeederVolumes(OperatorConfig.Seeder config, SeederBudget budget) {
    this.config = config;
    this.budget = budget;
  }

  List<Volume> volumes(SwarmRelease release) {
    var volumes = new ArrayList<Volume>();
    volumes.add(scratch(release.getSpec().seeder()));
    volumes.add(PodSecurity.scratch("tmp", "64Mi"));
    volumes.add(
        new VolumeBuilder()
            .withName("token")
            .withNewProjected()
            .addNewSource()
            .withNewServiceAccountToken()
            .withAudience(Wire.AUDIENCE)
            .withExpirationSeconds(TOKEN_LIFETIME.toSeconds())
            .withPath("token")
            .endServiceAccountToken()
            .endSource()
            .endProjected()
            .build());
    secretName(release).ifPresent(name -> volumes.add(secret("secret", name)));
    proxySecret().ifPresent(name -> volumes.add(secret(PROXY, name)));
    if (config.caFile() != null) {
      volumes.add(
          new VolumeBuilder()
              .withName(CA)
              .withNewConfigMap()
              .withName(CaBundleConfigMap.NAME)
              .endConfigMap()
              .build());
    }
    return volumes;
  }

  private Volume scratch(@Nullable Seeder seeder) {
    return SeederBudget.claim(seeder)
        .map(SeederVolumes::claimed)
        .orElseGet(
            () ->
                PodSecurity.scratch(
                    SCRATCH, Long.toString(budget.nodeBytes(seeder) + SCRATCH_MARGIN_BYTES)));
  }

  /** The cluster creates the claim with the pod, and deletes it with the pod. */
  private static Volume claimed(Seeder.Scratch.ClaimSpec claim) {
    return new VolumeBuilder()
        .withName(SCRATCH)
        .withNewEphemeral()
        .withNewVolumeClaimTemplate()
        .withNewSpec()
        .withAccessModes(claim.accessModes().stream().map(Enum::name).toList())
        .withStorageClassName(claim.storageClassName())
        .withNewResources()
        .addToRequests("storage", claim.resources().requests().storage())
        .endResources()
        .endSpec()
        .endVolumeClaimTemplate()
        .endEphemeral()
        .build();
  }

  /** Of that pod's scratch volume, on its node; 0 when it has none there. */
  static long scratchBytes(Pod pod) {
    if (pod.getSpec() == null) {
      return 0;
    }
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> SCRATCH.equals(volume.getName()) && volume.getEmptyDir() != null)
        .map(volume -> volume.getEmptyDir().getSizeLimit())
        .filter(Objects::nonNull)
        .mapToLong(SeederBudget::bytes)
        .map(bytes -> Math.max(0, bytes - SCRATCH_MARGIN_BYTES))
        .findFirst()
        .orElse(0);
  }

  private static Volume secret(String volume, String name) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(name)
        // The seeder says what it lacks; the kubelet would only wait.
        .withOptional(true)
        .withDefaultMode(0440)
        .endSecret()
        .build();
  }

  List<VolumeMount> mounts(SwarmRelease release) {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount(SCRATCH, "/scratch", false));
    mounts.add(mount("tmp", "/tmp", false));
    mounts.add(mount("token", "/var/run/secrets/corvid", true));
    secretName(release).ifPresent(name -> mounts.add(mount("secret", SECRET_PATH, true)));
    proxySecret().ifPresent(name -> mounts.add(mount(PROXY, "/etc/corvid/proxy", true)));
    if (config.caFile() != null) {
      mounts.add(mount(CA, "/etc/corvid/ca", true));
    }
    return mounts;
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private Optional<String> proxySecret() {
    return Optional.ofNullable(config.proxy()).map(OperatorConfig.Proxy::secretName);
  }

  private static Optional<String> secretName(SwarmRelease release) {
    return Optional.ofNullable(release.getSpec().source().secretRef()).map(Source.SecretRef::name);
  }
}

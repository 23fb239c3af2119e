package dev.corvid.operator.seeder;

import dev.corvid.api.v1alpha1.Seeder;
import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.metadata.Sha256Hex;
import dev.corvid.operator.pod.PodSecurity;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The seeder's pod: a pure function of the release and what is pinned. It passes Pod Security
 * <em>restricted</em>: the tenant's namespace may enforce it, and its quota applies.
 */
public final class SeederPods {
  /** Annotation: the source that this pod fetches, as {@link SeederTask#sourceHash} names it. */
  public static final String SOURCE_HASH = "corvid.dev/source-hash";

  /** Annotation: what of the spec this pod was made from, beside its source hash. */
  public static final String FINGERPRINT = "corvid.dev/seeder-fingerprint";

  private static final String INFIX = "-seeder-";

  /** Annotation: a digest of the key of the swarms that this pod serves in. */
  private static final String SWARM_KEY = "corvid.dev/swarm-key-digest";

  static final String CONTAINER = "seeder";
  private static final int PORT = 6881;

  private final OperatorConfig config;
  private final String trackerUrl;
  private final SeederBudget budget;
  private final SeederVolumes files;

  public SeederPods(OperatorConfig config, String trackerUrl) {
    this.config = config;
    this.trackerUrl = trackerUrl;
    this.budget = new SeederBudget(config.seeder());
    this.files = new SeederVolumes(config.seeder(), budget);
  }

  /** What the pod is to do. */
  public SeederTask task(
      SwarmRelease release,
      String sourceHash,
      SwarmKey swarmKey,
      Optional<SeederTask.Pinned> pinned,
      int pieceLength) {
    Source source = release.getSpec().source();
    return new SeederTask(
        release.getMetadata().getUid(),
        new ReleaseName(release.getMetadata().getNamespace(), release.getMetadata().getName()),
        sourceHash,
        swarmKey,
        trackerUrl,
        http(source.http()),
        source.manifestDigest(),
        new SeederTask.Files(source.files().include(), source.files().exclude()),
        new SeederTask.Unpack(
            source.unpack().format().name(),
            source.unpack().stripComponents(),
            source.unpack().unsafeLinks().name()),
        pinned.orElse(null),
        pieceLength,
        budget.scratchBytes(release.getSpec().seeder()),
        egress(),
        null);
  }

  private static SeederTask.Http http(Source.Http http) {
    return new SeederTask.Http(http.url(), http.mirrors(), http.digest());
  }

  private SeederTask.Egress egress() {
    OperatorConfig.Proxy proxy = config.seeder().proxy();
    return new SeederTask.Egress(
        proxy == null ? null : proxy.url(),
        proxy != null && proxy.resolves(),
        proxy == null ? List.of() : proxy.exceptions(),
        config.seeder().allowedAddresses(),
        config.seeder().deniedAddresses());
  }

  /**
   * @param suffix makes the name unique: a replacement never waits for a dead node's pod
   * @param publicationKey see {@link dev.corvid.operator.trust.SigningKey#publicationKey}
   */
  public Pod pod(SwarmRelease release, SeederTask task, byte[] publicationKey, String suffix) {
    Seeder seeder = release.getSpec().seeder();
    return new PodBuilder()
        .withNewMetadata()
        .withName(release.getMetadata().getName() + INFIX + suffix)
        .withNamespace(release.getMetadata().getNamespace())
        .withLabels(labels(release))
        .withAnnotations(seeder == null ? null : seeder.annotations())
        .addToAnnotations(config.seeder().pod().annotations())
        .addToAnnotations(SOURCE_HASH, task.sourceHash())
        .addToAnnotations(SWARM_KEY, digest(task.swarmKey()))
        .addToAnnotations(FINGERPRINT, fingerprint(release))
        .addNewOwnerReference()
        .withApiVersion(release.getApiVersion())
        .withKind(release.getKind())
        .withName(release.getMetadata().getName())
        .withUid(release.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Always")
        .withTerminationGracePeriodSeconds(PodSecurity.TERMINATION.toSeconds())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(config.imagePullSecrets())
        .withNodeSelector(seeder == null ? null : seeder.nodeSelector())
        .withAffinity(SeederPlacement.affinity(config.seeder().affinity(), seeder))
        .withPriorityClassName(seeder == null ? null : seeder.priorityClassName())
        .withTolerations(
            PodSecurity.tolerations(
                seeder == null || seeder.tolerations() == null ? List.of() : seeder.tolerations()))
        .withSecurityContext(PodSecurity.pod(config.security()))
        .withContainers(container(release, task, publicationKey))
        .withVolumes(files.volumes(release))
        .endSpec()
        .build();
  }

  /** How much scratch space the release's seeder may take of its node; a claim's is not there. */
  public long scratchBytes(SwarmRelease release) {
    return budget.nodeBytes(release.getSpec().seeder());
  }

  /** How much scratch space the pod may take of its node, as it was made. */
  public static long scratchBytes(Pod pod) {
    return SeederVolumes.scratchBytes(pod);
  }

  /**
   * Whether the pod names itself a seeder of the release, and the release its owner. Whoever may
   * create pods can make one that does.
   */
  public static boolean isSeederOf(Pod pod, SwarmRelease release) {
    return pod.getMetadata().getName().startsWith(release.getMetadata().getName() + INFIX)
        && Ownership.isControlledBy(pod, release);
  }

  /** The source that a pod fetches; null for a pod that is no seeder. */
  public static @Nullable String sourceHash(Pod pod) {
    return annotation(pod, SOURCE_HASH);
  }

  /**
   * Whether the nodes that have grants under this key meet the pod: not after the root's {@code
   * sharing} or the signing key has changed.
   */
  public static boolean servesIn(Pod pod, SwarmKey key) {
    return digest(key).equals(annotation(pod, SWARM_KEY));
  }

  private static String digest(SwarmKey key) {
    return Sha256Hex.hex("corvid-swarm-key-digest-v1\n" + key.base64()).substring(0, 16);
  }

  /** See {@link #fingerprint(SwarmRelease)}; null for a pod that is no seeder. */
  public static @Nullable String fingerprint(Pod pod) {
    return annotation(pod, FINGERPRINT);
  }

  /**
   * Changes with what a pod is made from although the source is the same: mirrors, Secret, what is
   * written of unpacking although it unpacks the same, placement. A pod that has yet to fetch is
   * replaced when it does.
   */
  public static String fingerprint(SwarmRelease release) {
    Source source = release.getSpec().source();
    String text =
        String.join(
            "\n",
            source.http().toString(),
            String.valueOf(source.manifestDigest()),
            String.valueOf(source.secretRef()),
            source.files().toString(),
            source.unpack().toString(),
            String.valueOf(release.getSpec().seeder()));
    return Sha256Hex.hex(text).substring(0, 16);
  }

  private static @Nullable String annotation(Pod pod, String key) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }

  private Map<String, String> labels(SwarmRelease release) {
    var labels = new TreeMap<String, String>();
    Seeder seeder = release.getSpec().seeder();
    if (seeder != null && seeder.labels() != null) {
      labels.putAll(seeder.labels());
    }
    labels.putAll(config.seeder().pod().labels());
    labels.putAll(ResourceNames.labels("seeder"));
    labels.put(ResourceNames.RELEASE, release.getMetadata().getName());
    if (release.getSpec().version() != null) {
      labels.put(ResourceNames.VERSION, release.getSpec().version());
    }
    return labels;
  }

  private Container container(SwarmRelease release, SeederTask task, byte[] publicationKey) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(config.peerImage())
        .withImagePullPolicy(config.imagePullPolicy())
        // The image's heap is a peer's; to lay out a torrent takes all of its names at once.
        .withCommand(
            PodSecurity.java(
                List.of("-XX:MaxRAMPercentage=50"), config.seeder().pod().javaOptions()))
        .withArgs(
            "seeder",
            "--listen",
            "0.0.0.0:" + PORT,
            "--address",
            "$(POD_IP)",
            "--token",
            "/var/run/secrets/corvid/token",
            "--scratch",
            "/scratch",
            "--secret",
            SeederVolumes.SECRET_PATH,
            "--http",
            "0.0.0.0:" + PodSecurity.TELEMETRY_PORT)
        .withEnv(environment(task, publicationKey))
        .addNewPort()
        .withName("bittorrent")
        .withContainerPort(PORT)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName(PodSecurity.TELEMETRY)
        .withContainerPort(PodSecurity.TELEMETRY_PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(budget.resources(release.getSpec().seeder()))
        .withSecurityContext(PodSecurity.container())
        .withStartupProbe(PodSecurity.startup())
        .withReadinessProbe(PodSecurity.readiness())
        .withLivenessProbe(PodSecurity.liveness())
        .withVolumeMounts(files.mounts(release))
        .build();
  }

  private List<EnvVar> environment(SeederTask task, byte[] publicationKey) {
    var variables = new ArrayList<EnvVar>();
    variables.add(field("POD_IP", "status.podIP"));
    variables.add(field("NODE_NAME", "spec.nodeName"));
    task.environment().forEach((name, value) -> variables.add(variable(name, value)));
    variables.add(
        variable(SeederTask.KEY_VARIABLE, Base64.getEncoder().encodeToString(publicationKey)));
    variables.addAll(config.seeder().pod().env());
    return variables;
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }
}

package dev.corvid.operator.config;

import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster's admin decided, from the chart's values: the key {@value #FILE} of the
 * ConfigMap {@code corvid-config}. What it leaves out comes to the constructors as null, whatever
 * their types say, and gets its default there.
 *
 * @param peerImage image of tracker, seeder and peer
 * @param imagePullPolicy of tracker and seeder
 * @param imagePullSecrets for both; a seeder needs one of that name in its own namespace
 * @param peerServiceAccount whose tokens a peer presents
 * @param peerSelector labels of the peers' pods in the operator's namespace
 * @param peer where the DaemonSet runs peers
 * @param security of the pods of tracker and seeders
 * @param tracker where the tracker runs
 * @param seeder what a seeder may use, unless its release says otherwise
 * @param clusterDomain of the cluster's DNS
 * @param watchNamespaces the namespaces whose releases are served; empty for all
 * @param nodeLabels whether each Node carries the revisions that are active on it
 * @param limits how much of the cluster all releases together may take
 * @param metrics what is told of releases
 */
public record OperatorConfig(
    String peerImage,
    String imagePullPolicy,
    List<LocalObjectReference> imagePullSecrets,
    String peerServiceAccount,
    Map<String, String> peerSelector,
    Peer peer,
    Security security,
    Tracker tracker,
    Seeder seeder,
    String clusterDomain,
    List<String> watchNamespaces,
    boolean nodeLabels,
    Limits limits,
    Metrics metrics) {
  public static final String FILE = "config.json";
  private static final List<Toleration> EVERY_TAINT =
      List.of(new TolerationBuilder().withOperator("Exists").build());

  /** What of the DaemonSet of the peers decides on which nodes they run. */
  public record Peer(
      Map<String, String> nodeSelector, @Nullable Affinity affinity, List<Toleration> tolerations) {
    static final Peer DEFAULT = new Peer(Map.of(), null, EVERY_TAINT);

    public Peer {
      nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
      tolerations = tolerations == null ? EVERY_TAINT : List.copyOf(tolerations);
    }
  }

  /**
   * @param fixedUser whether the pods name their user and groups; else the cluster chooses them, as
   *     OpenShift does
   * @param seLinuxOptions null for the container runtime's own
   */
  public record Security(Boolean fixedUser, @Nullable SELinuxOptions seLinuxOptions) {
    public Security {
      fixedUser = fixedUser == null || fixedUser;
    }
  }

  /**
   * What an administrator adds to a pod, for meshes, scrapers and policies.
   *
   * @param env names and values only
   * @param javaOptions that come after Corvid's own
   */
  public record Additions(
      Map<String, String> labels,
      Map<String, String> annotations,
      List<EnvVar> env,
      List<String> javaOptions) {
    public static final Additions NONE = new Additions(Map.of(), Map.of(), List.of(), List.of());

    public Additions {
      labels = labels == null ? Map.of() : new TreeMap<>(labels);
      annotations = annotations == null ? Map.of() : new TreeMap<>(annotations);
      env = env == null ? List.of() : List.copyOf(env);
      javaOptions = javaOptions == null ? List.of() : List.copyOf(javaOptions);
    }
  }

  /** Where the tracker runs, what it may use, and what is added to its pod. */
  public record Tracker(
      @Nullable ResourceRequirements resources,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations,
      @Nullable Affinity affinity,
      Additions pod) {
    static final Tracker DEFAULT = new Tracker(null, Map.of(), List.of(), null, Additions.NONE);

    public Tracker {
      pod = pod == null ? Additions.NONE : pod;
      // In a fixed order: the tracker is applied again when its model changes.
      nodeSelector = nodeSelector == null ? Map.of() : new TreeMap<>(nodeSelector);
      tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
  }

  /**
   * How seeders reach sources.
   *
   * @param url {@code http://host:port}
   * @param resolves whether it is asked for names, not for addresses
   * @param exceptions names, suffixes and CIDRs that are fetched from without it
   * @param secretName the Secret with its username and password, in the namespace of each seeder;
   *     null for none
   */
  public record Proxy(
      String url, boolean resolves, List<String> exceptions, @Nullable String secretName) {
    public Proxy {
      exceptions = exceptions == null ? List.of() : List.copyOf(exceptions);
    }
  }

  /**
   * @param resources requests and limits, without the scratch volume's bytes
   * @param scratchSizeLimit most bytes of archive and files together, such as 20Gi
   * @param allowedAddresses CIDRs that may be fetched from although loopback or link-local
   * @param deniedAddresses CIDRs that may not be fetched from, even if they are allowed too
   * @param proxy null for none
   * @param caFile where the PEM text of further certificate authorities is mounted into the
   *     operator; null for none
   * @param affinity to the nodes that the image runs on; null for all
   * @param pod what is added to it
   */
  public record Seeder(
      @Nullable ResourceRequirements resources,
      String scratchSizeLimit,
      List<String> allowedAddresses,
      List<String> deniedAddresses,
      @Nullable Proxy proxy,
      @Nullable String caFile,
      @Nullable Affinity affinity,
      Additions pod) {
    public static final Seeder DEFAULT =
        new Seeder(null, "20Gi", List.of(), List.of(), null, null, null, Additions.NONE);

    public Seeder {
      pod = pod == null ? Additions.NONE : pod;
      scratchSizeLimit = scratchSizeLimit == null ? DEFAULT.scratchSizeLimit : scratchSizeLimit;
      allowedAddresses = allowedAddresses == null ? List.of() : List.copyOf(allowedAddresses);
      deniedAddresses = deniedAddresses == null ? List.of() : List.copyOf(deniedAddresses);
    }
  }

  /**
   * @param releasesPerNamespace how many of a namespace's releases are served, the oldest
   * @param releases how many are served in all
   * @param seedersAtOnce how many seeders run at the same time, in all namespaces
   * @param scratch most bytes of scratch space of all seeders that run, such as 400Gi
   */
  public record Limits(
      Integer releasesPerNamespace, Integer releases, Integer seedersAtOnce, String scratch) {
    static final Limits DEFAULT = new Limits(50, 1000, 20, "400Gi");

    public Limits {
      releasesPerNamespace =
          releasesPerNamespace == null ? DEFAULT.releasesPerNamespace : releasesPerNamespace;
      releases = releases == null ? DEFAULT.releases : releases;
      seedersAtOnce = seedersAtOnce == null ? DEFAULT.seedersAtOnce : seedersAtOnce;
      scratch = scratch == null ? DEFAULT.scratch : scratch;
    }
  }

  /**
   * @param perRelease whether each release has series of its own
   */
  public record Metrics(boolean perRelease) {}

  public OperatorConfig {
    if (peerImage == null || peerImage.isBlank()) {
      throw new IllegalArgumentException(FILE + " names no peerImage; set it in the Helm values");
    }
    imagePullPolicy = imagePullPolicy == null ? "IfNotPresent" : imagePullPolicy;
    imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    peerServiceAccount = peerServiceAccount == null ? "corvid-peer" : peerServiceAccount;
    peerSelector =
        peerSelector == null || peerSelector.isEmpty()
            ? Map.of("app.kubernetes.io/component", "peer")
            : Map.copyOf(peerSelector);
    peer = peer == null ? Peer.DEFAULT : peer;
    security = security == null ? new Security(true, null) : security;
    tracker = tracker == null ? Tracker.DEFAULT : tracker;
    seeder = seeder == null ? Seeder.DEFAULT : seeder;
    clusterDomain = clusterDomain == null ? "cluster.local" : clusterDomain;
    watchNamespaces = watchNamespaces == null ? List.of() : List.copyOf(watchNamespaces);
    limits = limits == null ? Limits.DEFAULT : limits;
    metrics = metrics == null ? new Metrics(false) : metrics;
  }

  /** Reads {@value #FILE} of that directory. */
  public static OperatorConfig read(Path directory, KubernetesSerialization json)
      throws IOException {
    try (var in = Files.newInputStream(directory.resolve(FILE))) {
      return json.unmarshal(in, OperatorConfig.class);
    }
  }

  /** Reads {@link Roots#FILE} of that directory. */
  public static Roots readRoots(Path directory) throws IOException {
    return dev.corvid.wire.Wire.decode(
        Files.readAllBytes(directory.resolve(Roots.FILE)), Roots.class);
  }
}

package dev.corvid.operator;

import dev.corvid.wire.Roots;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the cluster's admin decided, from the chart's values: the key {@value #FILE} of the
 * ConfigMap {@code corvid-config}.
 *
 * @param peerImage image of tracker, seeder and peer
 * @param imagePullPolicy of tracker and seeder
 * @param imagePullSecrets for both; a seeder needs one of that name in its own namespace
 * @param peerServiceAccount whose tokens a peer presents
 * @param peerSelector labels of the peers' pods in the operator's namespace
 * @param peer where the DaemonSet runs peers
 * @param tracker where the tracker runs
 * @param seeder what a seeder may use, unless its release says otherwise
 * @param clusterDomain of the cluster's DNS
 * @param watchNamespaces the namespaces whose releases are served; empty for all
 * @param nodeLabels whether each Node carries the revisions that are active on it
 * @param limits how much of the cluster all releases together may take
 */
public record OperatorConfig(
    String peerImage,
    String imagePullPolicy,
    List<LocalObjectReference> imagePullSecrets,
    String peerServiceAccount,
    Map<String, String> peerSelector,
    Peer peer,
    Tracker tracker,
    Seeder seeder,
    String clusterDomain,
    List<String> watchNamespaces,
    boolean nodeLabels,
    Limits limits) {
  public static final String FILE = "config.json";
  private static final List<Toleration> EVERY_TAINT =
      List.of(new TolerationBuilder().withOperator("Exists").build());

  /** What of the DaemonSet of the peers decides on which nodes they run. */
  public record Peer(
      Map<String, String> nodeSelector, Affinity affinity, List<Toleration> tolerations) {
    public Peer {
      nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
      tolerations = tolerations == null ? EVERY_TAINT : List.copyOf(tolerations);
    }
  }

  /** Where the tracker runs and what it may use. */
  public record Tracker(
      ResourceRequirements resources,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations,
      Affinity affinity) {
    public Tracker {
      // In a fixed order: the tracker is applied again when its model changes.
      nodeSelector = nodeSelector == null ? Map.of() : new TreeMap<>(nodeSelector);
      tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
  }

  /**
   * @param resources requests and limits, without the scratch volume's bytes
   * @param scratchSizeLimit most bytes of archive and files together, such as 20Gi
   * @param allowedAddresses CIDRs that may be fetched from although loopback or link-local
   * @param deniedAddresses CIDRs that may not be fetched from, even if they are allowed too
   * @param proxy {@code http://host:port}; null for none
   * @param proxyResolves whether the proxy is asked for names, not for addresses
   * @param caBundle PEM text of further certificate authorities; null for none
   * @param affinity to the nodes that the image runs on; null for all
   */
  public record Seeder(
      ResourceRequirements resources,
      String scratchSizeLimit,
      List<String> allowedAddresses,
      List<String> deniedAddresses,
      String proxy,
      boolean proxyResolves,
      String caBundle,
      Affinity affinity) {
    public Seeder {
      scratchSizeLimit = scratchSizeLimit == null ? "20Gi" : scratchSizeLimit;
      allowedAddresses = allowedAddresses == null ? List.of() : List.copyOf(allowedAddresses);
      deniedAddresses = deniedAddresses == null ? List.of() : List.copyOf(deniedAddresses);
      proxy = proxy == null || proxy.isBlank() ? null : proxy;
      caBundle = caBundle == null || caBundle.isBlank() ? null : caBundle;
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
    public Limits {
      releasesPerNamespace = releasesPerNamespace == null ? 50 : releasesPerNamespace;
      releases = releases == null ? 1000 : releases;
      seedersAtOnce = seedersAtOnce == null ? 20 : seedersAtOnce;
      scratch = scratch == null ? "400Gi" : scratch;
    }
  }

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
    peer = peer == null ? new Peer(null, null, null) : peer;
    tracker = tracker == null ? new Tracker(null, null, null, null) : tracker;
    seeder = seeder == null ? new Seeder(null, null, null, null, null, false, null, null) : seeder;
    clusterDomain = clusterDomain == null ? "cluster.local" : clusterDomain;
    watchNamespaces = watchNamespaces == null ? List.of() : List.copyOf(watchNamespaces);
    limits = limits == null ? new Limits(null, null, null, null) : limits;
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

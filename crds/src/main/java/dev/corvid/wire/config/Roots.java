package dev.corvid.wire.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.corvid.wire.Require;
import dev.corvid.wire.text.ByteSize;
import dev.corvid.wire.text.DurationFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The directories that the cluster's admin opened, from the chart's values: the key {@value #FILE}
 * of the ConfigMap {@code corvid-config}, read by the operator and, each root mounted at {@code
 * /roots/<name>}, by the peers.
 */
public record Roots(List<Root> roots) {
  public static final String FILE = "roots.json";

  /**
   * @param name as a SwarmRelease names it
   * @param hostPath absolute path on the node
   * @param namespaces that may use it; empty for all
   * @param reserve what must stay free on its file system: {@code 20%} or {@code 10Gi}
   * @param quota most bytes that Corvid may keep below it on one node, as a size or as a share of
   *     its file system; null for no limit
   * @param keepAfterSwitch how long a revision stays whole after {@code current} left it: {@code
   *     10m}
   * @param namespaceQuotas most bytes that the releases of one namespace may keep below it on one
   *     node, as sizes or shares, by namespace; {@value #ANY_OTHER} stands for each that is not
   *     named
   * @param namespaceFiles most files, directories and links of one namespace's releases on one
   *     node, by namespace, as above
   * @param recheckInterval how often finished files are read and compared with the manifest again;
   *     {@code 0s} for never
   * @param sharing between which releases bytes that are on a node already are shared
   */
  public record Root(
      String name,
      String hostPath,
      List<String> namespaces,
      String reserve,
      @Nullable String quota,
      String keepAfterSwitch,
      Map<String, String> namespaceQuotas,
      Map<String, Long> namespaceFiles,
      String recheckInterval,
      Sharing sharing) {
    public static final String ANY_OTHER = "*";

    private static final Duration LONGEST_KEPT = Duration.ofHours(720);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(8760);

    /**
     * Which releases take from each other what a node holds already: whole files, and whole
     * contents. How much a release took is in its status, so it tells what the others hold.
     */
    public enum Sharing {
      /** Those of one namespace. */
      @JsonProperty("Namespace")
      NAMESPACE,
      /** All that are below the root. */
      @JsonProperty("Root")
      ROOT
    }

    public Root {
      Require.label(name, "name");
      Require.text(hostPath, "hostPath", 4096);
      namespaces = Require.list(namespaces, 10_000, "namespaces");
      reserve = reserve == null ? "20%" : reserve;
      keepAfterSwitch = keepAfterSwitch == null ? "10m" : keepAfterSwitch;
      Require.duration(keepAfterSwitch, LONGEST_KEPT, "keepAfterSwitch");
      recheckInterval = recheckInterval == null ? "24h" : recheckInterval;
      Require.duration(recheckInterval, LONGEST_INTERVAL, "recheckInterval");
      sharing = sharing == null ? Sharing.NAMESPACE : sharing;
      bytes(quota, 0, 100, "quota");
      namespaceQuotas = namespaceQuotas == null ? Map.of() : Map.copyOf(namespaceQuotas);
      namespaceQuotas.values().forEach(each -> bytes(each, 0, 100, "namespaceQuotas"));
      namespaceFiles = namespaceFiles == null ? Map.of() : Map.copyOf(namespaceFiles);
      namespaceFiles
          .values()
          .forEach(each -> Require.range(each, 0, Long.MAX_VALUE, "namespaceFiles"));
      bytes(reserve, 0, 99, "reserve");
    }

    /** Whether a release of this namespace may use the root. */
    public boolean allows(String namespace) {
      return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /**
     * Most bytes that Corvid may keep below it on one node; empty for no limit.
     *
     * @param fileSystemBytes size of the file system that the root is on
     */
    public OptionalLong quotaBytes(long fileSystemBytes) {
      return limit(quota, fileSystemBytes);
    }

    /** Most bytes of one namespace's releases; empty for no limit. */
    public OptionalLong quotaBytes(String namespace, long fileSystemBytes) {
      return limit(ofNamespace(namespaceQuotas, namespace), fileSystemBytes);
    }

    /** Most files, directories and links of one namespace's releases; empty for no limit. */
    public OptionalLong quotaFiles(String namespace) {
      Long files = ofNamespace(namespaceFiles, namespace);
      return files == null ? OptionalLong.empty() : OptionalLong.of(files);
    }

    /** How long a revision stays whole after {@code current} left it. */
    public Duration keptAfterSwitch() {
      return DurationFormat.parse(keepAfterSwitch);
    }

    /** How often finished files are read again; zero for never. */
    public Duration recheckedEvery() {
      return DurationFormat.parse(recheckInterval);
    }

    /** Bytes to keep free on a file system of that size. */
    public long reserveBytes(long fileSystemBytes) {
      return bytes(reserve, fileSystemBytes, 99, "reserve");
    }

    private static <T> @Nullable T ofNamespace(Map<String, T> limits, String namespace) {
      T named = limits.get(namespace);
      return named == null ? limits.get(ANY_OTHER) : named;
    }

    private static OptionalLong limit(@Nullable String size, long fileSystemBytes) {
      return size == null
          ? OptionalLong.empty()
          : OptionalLong.of(bytes(size, fileSystemBytes, 100, "quota"));
    }

    /** Bytes of a size, or of a share of the file system; absent is none. */
    private static long bytes(
        @Nullable String text, long fileSystemBytes, int mostPercent, String field) {
      if (text == null) {
        return 0;
      }
      if (!text.endsWith("%")) {
        return ByteSize.parse(text);
      }
      int percent = Integer.parseInt(text.substring(0, text.length() - 1));
      Require.range(percent, 0, mostPercent, field);
      return fileSystemBytes / 100 * percent;
    }
  }

  public Roots {
    roots = Require.list(roots, 100, "roots");
    Map<String, Path> named = new HashMap<>();
    for (Root root : roots) {
      Path path = Path.of(root.hostPath()).normalize();
      named.forEach((other, at) -> requireApart(root.name(), path, other, at));
      named.put(root.name(), path);
    }
  }

  /**
   * What is in an inner root would count for the outer one's quota, and the namespaces of each
   * could use the other: neither would mean anything.
   */
  private static void requireApart(String name, Path path, String other, Path at) {
    if (name.equals(other)) {
      throw new IllegalArgumentException("two roots are called " + name);
    }
    if (path.startsWith(at) || at.startsWith(path)) {
      throw new IllegalArgumentException(
          "the roots %s and %s are the same directory, or one is in the other (%s, %s): give each a directory of its own"
              .formatted(other, name, at, path));
    }
  }

  public Optional<Root> find(String name) {
    return roots.stream().filter(root -> root.name().equals(name)).findFirst();
  }
}

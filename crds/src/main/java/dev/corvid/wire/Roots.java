package dev.corvid.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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
   * @param quota most bytes that Corvid may keep below it on one node; null for no limit
   * @param keepAfterSwitchSeconds how long a revision stays whole after {@code current} left it
   * @param namespaceQuotas most bytes that the releases of one namespace may keep below it on one
   *     node, by namespace; {@value #ANY_OTHER} stands for each that is not named
   * @param recheckIntervalSeconds how often finished files are read and compared with the manifest
   *     again; 0 for never
   */
  public record Root(
      String name,
      String hostPath,
      List<String> namespaces,
      String reserve,
      String quota,
      Long keepAfterSwitchSeconds,
      Map<String, String> namespaceQuotas,
      Long recheckIntervalSeconds) {
    public static final String ANY_OTHER = "*";

    private static final long DAY = 24L * 3600;

    public Root {
      Require.label(name, "name");
      Require.text(hostPath, "hostPath", 4096);
      namespaces = Require.list(namespaces, 10_000, "namespaces");
      reserve = reserve == null ? "20%" : reserve;
      keepAfterSwitchSeconds = keepAfterSwitchSeconds == null ? 600 : keepAfterSwitchSeconds;
      Require.range(keepAfterSwitchSeconds, 0, 30 * DAY, "keepAfterSwitchSeconds");
      recheckIntervalSeconds = recheckIntervalSeconds == null ? DAY : recheckIntervalSeconds;
      Require.range(recheckIntervalSeconds, 0, 365 * DAY, "recheckIntervalSeconds");
      if (quota != null) {
        ByteSize.parse(quota);
      }
      namespaceQuotas = namespaceQuotas == null ? Map.of() : Map.copyOf(namespaceQuotas);
      namespaceQuotas.values().forEach(ByteSize::parse);
      reserveBytes(reserve, 0);
    }

    /** Whether a release of this namespace may use the root. */
    public boolean allows(String namespace) {
      return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /** Most bytes that Corvid may keep below it on one node; empty for no limit. */
    public OptionalLong quotaBytes() {
      return bytes(quota);
    }

    /** Most bytes of one namespace's releases; empty for no limit. */
    public OptionalLong quotaBytes(String namespace) {
      String named = namespaceQuotas.get(namespace);
      return bytes(named == null ? namespaceQuotas.get(ANY_OTHER) : named);
    }

    /** Bytes to keep free on a file system of that size. */
    public long reserveBytes(long fileSystemBytes) {
      return reserveBytes(reserve, fileSystemBytes);
    }

    private static OptionalLong bytes(String size) {
      return size == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(size));
    }

    private static long reserveBytes(String reserve, long fileSystemBytes) {
      if (!reserve.endsWith("%")) {
        return ByteSize.parse(reserve);
      }
      int percent = Integer.parseInt(reserve.substring(0, reserve.length() - 1));
      Require.range(percent, 0, 99, "reserve");
      return fileSystemBytes / 100 * percent;
    }
  }

  public Roots {
    roots = Require.list(roots, 100, "roots");
  }

  public Optional<Root> find(String name) {
    return roots.stream().filter(root -> root.name().equals(name)).findFirst();
  }
}

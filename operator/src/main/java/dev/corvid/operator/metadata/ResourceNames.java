package dev.corvid.operator.metadata;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.grant.ReleaseName;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names by which the operator finds what it made: fixed for good, other versions rely on them.
 */
public final class ResourceNames {
  /** Who wrote a field, in server-side apply. */
  public static final String FIELD_MANAGER = "corvid-operator";

  public static final String OPERATOR = "corvid-operator";
  public static final String TRACKER = "corvid-tracker";

  /** The peers' DaemonSet. */
  public static final String PEER = "corvid-peer";

  public static final String TRUST = "corvid-trust";
  public static final String SIGNING = "corvid-signing";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** Label: the release that an object serves, and its namespace where the object has none. */
  public static final String RELEASE = "corvid.dev/release";

  public static final String RELEASE_NAMESPACE = "corvid.dev/release-namespace";

  /** Label of seeders: what people called the content when the pod was made. */
  public static final String VERSION = "corvid.dev/version";

  /** Label of Nodes, by whoever runs the cluster. */
  public static final String ZONE = "topology.kubernetes.io/zone";

  private ResourceNames() {}

  /** As it is called on the wire. */
  public static ReleaseName nameOf(SwarmRelease release) {
    return new ReleaseName(release.getMetadata().getNamespace(), release.getMetadata().getName());
  }

  /** Labels of an object that is part of Corvid itself or serves one release, in a fixed order. */
  public static Map<String, String> labels(String component) {
    return new TreeMap<>(
        Map.of("app.kubernetes.io/name", "corvid", COMPONENT, component, MANAGED_BY, OPERATOR));
  }
}

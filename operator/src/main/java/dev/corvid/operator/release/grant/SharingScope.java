package dev.corvid.operator.release.grant;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.SwarmKey;
import org.jspecify.annotations.Nullable;

/**
 * Those with whom a release shares.
 *
 * @param namespaceUid of the release's namespace; null when it is gone, or not known any more
 * @param key of the swarms that the release's nodes are in; null when nothing can be granted
 */
public record SharingScope(@Nullable String namespaceUid, @Nullable SwarmKey key) {
  /** Of a release of which nothing is left but its content on nodes. */
  public static final SharingScope NONE = new SharingScope(null, null);

  /** The key of what is granted: a scope that has none only removes. */
  public SwarmKey grantKey() {
    return requireNonNull(key, "nothing can be granted");
  }

  /** The swarm of a content; null for none. */
  public @Nullable String swarmOf(@Nullable Content content) {
    return content == null ? null : grantKey().swarmOf(content.infoHash());
  }
}

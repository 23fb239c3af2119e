package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.SwarmKey;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides which releases share swarms: those of one namespace, identified by its uid, or all below
 * a root with {@code sharing: Root}. Thread-safe.
 */
public final class SharingScopes {
  private final Namespaces namespaces;
  private final Roots roots;
  private final Supplier<SigningKey> key;

  public SharingScopes(Namespaces namespaces, Roots roots, Supplier<SigningKey> key) {
    this.namespaces = namespaces;
    this.roots = roots;
    this.key = key;
  }

  /** Empty while the release's namespace is not known, or gone. */
  public Optional<SharingScope> of(SwarmRelease release) {
    return namespaces
        .uidOf(release)
        .map(uid -> new SharingScope(uid, swarmKey(release.getSpec().root(), uid)));
  }

  private SwarmKey swarmKey(String root, String namespaceUid) {
    boolean shared =
        roots.find(root).filter(r -> r.sharing() == Roots.Root.Sharing.ROOT).isPresent();
    return key.get().swarmKey(shared ? "root\n" + root : "namespace\n" + namespaceUid);
  }
}

package dev.corvid.node;

import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Grant;
import dev.corvid.wire.SignedGrant;
import dev.corvid.wire.WireException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Which grants this node may obey: those that the operator signed and that name it. Who relays one
 * can withhold it, and nothing else. Thread-safe.
 */
final class GrantCheck {
  private static final Logger log = Logger.getLogger(GrantCheck.class.getName());

  private final String node;
  private final TrustFile trust;
  private final Map<GrantRefusal, Counter> refused = new EnumMap<>(GrantRefusal.class);

  GrantCheck(String node, TrustFile trust, MeterRegistry meters) {
    this.node = node;
    this.trust = trust;
    for (GrantRefusal kind : GrantRefusal.values()) {
      refused.put(
          kind,
          Counter.builder("corvid.peer.grants.refused")
              .description("Grants that were not obeyed, by kind")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /**
   * The grant, if it is one for this node.
   *
   * @throws WireException when no key that is trusted now signed it: perhaps the trust file is late
   * @throws IOException when the trust file cannot be read
   */
  Optional<Grant> check(SignedGrant signed) throws IOException {
    Grant grant;
    try {
      grant = trust.verify(signed);
    } catch (WireException e) {
      refused.get(GrantRefusal.SIGNATURE).increment();
      throw e;
    }
    if (!grant.nodes().contains(node)) {
      refused(GrantRefusal.OTHER_NODE, grant);
      return Optional.empty();
    }
    return Optional.of(grant);
  }

  void refused(GrantRefusal kind, Grant grant) {
    refused.get(kind).increment();
    log.warning(
        () -> "refused a grant of " + grant.release() + ", epoch " + grant.epoch() + ": " + kind);
  }
}

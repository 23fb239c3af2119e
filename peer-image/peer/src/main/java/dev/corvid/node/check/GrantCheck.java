package dev.corvid.node.check;

import static java.util.Objects.requireNonNull;

import dev.corvid.trust.TrustFile;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which grants this node may obey: those that the operator signed, that name it, and that are of no
 * later than tomorrow. Who relays one can withhold it, and nothing else. What was verified is not
 * verified again as long as its key is trusted. Thread-safe.
 */
public final class GrantCheck {
  /** Further ahead of this node's clock no epoch is obeyed: no earlier one would be again. */
  static final Duration AHEAD = Duration.ofDays(1);

  private final String node;
  private final TrustFile trust;
  private final InstantSource clock;
  private final Counter verifications;
  private final Map<SignedGrant, Verified> verified = new ConcurrentHashMap<>();
  private final Map<GrantRefusal, Counter> refused = new EnumMap<>(GrantRefusal.class);
  private final RefusalLog refusals = new RefusalLog();

  private record Verified(Grant grant, PublicKey by) {}

  public GrantCheck(String node, TrustFile trust, InstantSource clock, MeterRegistry meters) {
    this.node = node;
    this.trust = trust;
    this.clock = clock;
    verifications =
        Counter.builder("corvid.peer.grants.verified")
            .description("Signatures of grants that were verified")
            .register(meters);
    for (GrantRefusal kind : GrantRefusal.values()) {
      refused.put(
          kind,
          Counter.builder("corvid.peer.grants.refused")
              .description("Grants refused, by kind")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /**
   * The grant, if it is one for this node.
   *
   * @throws WireException when no key that is trusted now signed it, as the trust file may be late,
   *     or when it is of a day that is yet to come by this node's clock: to be asked for again
   * @throws IOException when the trust file cannot be read
   */
  public Optional<Grant> check(SignedGrant signed) throws IOException {
    Grant grant = verify(signed);
    if (!grant.nodes().contains(node)) {
      refused(GrantRefusal.OTHER_NODE, grant);
      return Optional.empty();
    }
    if (grant.epoch() > clock.instant().plus(AHEAD).toEpochMilli()) {
      count(GrantRefusal.CLOCK_SKEW);
      throw new WireException(
          "%s: ClockSkew: the grant of %s is more than a day ahead of this node's clock: set right"
                  .formatted(grant.release(), Instant.ofEpochMilli(grant.epoch()))
              + " whichever clock is wrong, this node's or the operator's; it is obeyed then");
    }
    return Optional.of(grant);
  }

  private Grant verify(SignedGrant signed) throws IOException {
    Map<String, PublicKey> keys = trust.grantKeys();
    PublicKey key = keys.get(signed.keyId());
    Verified known = verified.get(signed);
    if (known != null && known.by().equals(key)) {
      return known.grant();
    }
    try {
      verifications.increment();
      Grant grant = signed.verify(keys);
      verified.put(signed, new Verified(grant, requireNonNull(key, "it has signed")));
      return grant;
    } catch (WireException e) {
      verified.remove(signed);
      count(GrantRefusal.SIGNATURE);
      throw e;
    }
  }

  /** Where a refusal is logged once. */
  public RefusalLog refusals() {
    return refusals;
  }

  /** Forgets what was verified but for these. */
  public void retain(Collection<SignedGrant> current) {
    verified.keySet().retainAll(Set.copyOf(current));
  }

  private void count(GrantRefusal kind) {
    requireNonNull(refused.get(kind), "each kind has a counter").increment();
  }

  /** A grant whose signature is right is refused for good. */
  public void refused(GrantRefusal kind, Grant grant) {
    count(kind);
    refusals.refused("a grant of " + grant.release() + ", " + grant.rank() + ": " + kind);
  }
}

package dev.corvid.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.corvid.trust.TokenRefused.Kind;
import dev.corvid.wire.Reason;
import dev.corvid.wire.Wire;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks service-account tokens (RFC 7519, signed by RFC 7515) without asking anybody: signature by
 * the cluster's key set, issuer, audience {@value Wire#AUDIENCE}, time. Thread-safe.
 */
public final class TokenVerifier {
  /** Clocks in a cluster may differ by this much. */
  static final Duration LEEWAY = Duration.ofMinutes(5);

  private static final int MAX_CHARACTERS = 1 << 14;
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final TrustFile trust;
  private final InstantSource clock;

  public TokenVerifier(TrustFile trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  /**
   * Who sent a request.
   *
   * @param authorization the header's value; null when it was absent
   * @throws TokenRefused when it carries no valid token
   * @throws IOException when the trust file cannot be read
   */
  public Caller verify(@Nullable String authorization) throws TokenRefused, IOException {
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      throw new TokenRefused(
          Kind.MISSING, "send a service-account token: Authorization: Bearer <token>");
    }
    TrustFile.Anchor anchor = trust.anchor();
    JWTClaimsSet claims = claims(authorization.substring("Bearer ".length()), anchor);
    if (!anchor.trust().issuer().equals(claims.getIssuer())) {
      throw new TokenRefused(Kind.ISSUER, "the token is issued by " + claims.getIssuer());
    }
    if (!claims.getAudience().contains(Wire.AUDIENCE)) {
      throw new TokenRefused(
          Kind.AUDIENCE, "the token is for " + claims.getAudience() + ", not for " + Wire.AUDIENCE);
    }
    checkTime(claims);
    return caller(claims);
  }

  private static JWTClaimsSet claims(String token, TrustFile.Anchor anchor) throws TokenRefused {
    if (token.length() > MAX_CHARACTERS) {
      throw new TokenRefused(
          Kind.MALFORMED, "the token has more than " + MAX_CHARACTERS + " characters");
    }
    try {
      var processor = new DefaultJWTProcessor<SecurityContext>();
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(anchor.tokenKeys())));
      // Claims are checked by the caller, so that each refusal is counted by its own kind.
      processor.setJWTClaimsSetVerifier((claims, context) -> {});
      return processor.process(SignedJWT.parse(token), null);
    } catch (ParseException e) {
      throw new TokenRefused(Kind.MALFORMED, "the token is not a signed JSON Web Token", e);
    } catch (BadJOSEException | JOSEException e) {
      throw new TokenRefused(
          Kind.SIGNATURE, "the token is not signed with a key of this cluster", e);
    }
  }

  private void checkTime(JWTClaimsSet claims) throws TokenRefused {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    if (expires == null || expires.toInstant().plus(LEEWAY).isBefore(now)) {
      throw outOfTime("has expired: " + expires, now);
    }
    Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && notBefore.toInstant().minus(LEEWAY).isAfter(now)) {
      throw outOfTime("is not valid yet: " + notBefore, now);
    }
  }

  private static TokenRefused outOfTime(String what, Instant now) {
    return new TokenRefused(
        Kind.TIME,
        Reason.ClockSkew
            + ": the token "
            + what
            + ", and it is "
            + now
            + " here; set the clocks of the nodes right");
  }

  private static Caller caller(JWTClaimsSet claims) throws TokenRefused {
    if (claims.getSubject() == null) {
      throw new TokenRefused(Kind.MALFORMED, "the token names no subject");
    }
    Object kubernetes = claims.getClaim("kubernetes.io");
    return new Caller(
        claims.getSubject(), text(kubernetes, "node", "name"), text(kubernetes, "pod", "uid"));
  }

  /** {@code kubernetes.io.<object>.<field>}; null when the token is not bound to such an object. */
  private static @Nullable String text(@Nullable Object kubernetes, String object, String field) {
    return kubernetes instanceof Map<?, ?> claim
            && claim.get(object) instanceof Map<?, ?> bound
            && bound.get(field) instanceof String value
        ? value
        : null;
  }
}

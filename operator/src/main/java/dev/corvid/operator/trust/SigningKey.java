package dev.corvid.operator.trust;

import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.metadata.Sha256Hex;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.grant.SwarmKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 key that signs grants (RFC 8032), and the root from which the seeders' publication
 * keys, the keys of swarms and the key of seals are derived (HKDF, RFC 5869). It lives in the
 * Secret {@code corvid-signing} and nowhere else.
 */
public final class SigningKey {
  private static final String PRIVATE = "private.pkcs8";
  private static final String PUBLIC = "public.x509";
  private static final String HMAC = "HmacSHA256";

  private final KeyPair pair;
  private final String id;
  private final SecretKeySpec sealKey;

  private SigningKey(KeyPair pair) {
    this.pair = pair;
    this.id = Sha256Hex.hex(pair.getPublic().getEncoded()).substring(0, 16);
    this.sealKey = new SecretKeySpec(derived("corvid-seal-v1"), HMAC);
  }

  /** A new key, from the system's randomness. */
  public static SigningKey generate() {
    try {
      return new SigningKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is part of every JDK", e);
    }
  }

  /**
   * The key of a Secret that {@link #toSecret} made.
   *
   * @throws IllegalArgumentException when it holds no such key
   */
  public static SigningKey of(Secret secret) {
    try {
      var factory = KeyFactory.getInstance("Ed25519");
      return new SigningKey(
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(bytes(secret, PUBLIC))),
              factory.generatePrivate(new PKCS8EncodedKeySpec(bytes(secret, PRIVATE)))));
    } catch (GeneralSecurityException e) {
      throw unreadable(secret, e);
    }
  }

  private static byte[] bytes(Secret secret, String key) {
    var data = secret.getData();
    if (data == null || !data.containsKey(key)) {
      throw unreadable(secret, null);
    }
    return Base64.getDecoder().decode(data.get(key));
  }

  private static IllegalArgumentException unreadable(Secret secret, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "the Secret "
            + secret.getMetadata().getName()
            + " holds no Ed25519 key: restore it from a backup, or delete it to get a new one",
        cause);
  }

  /** The Secret that keeps this key. */
  Secret toSecret(String namespace) {
    var encoder = Base64.getEncoder();
    return new SecretBuilder()
        .withNewMetadata()
        .withName(ResourceNames.SIGNING)
        .withNamespace(namespace)
        .withLabels(ResourceNames.labels("trust"))
        .endMetadata()
        .withType("corvid.dev/signing-key")
        .addToData(PRIVATE, encoder.encodeToString(pair.getPrivate().getEncoded()))
        .addToData(PUBLIC, encoder.encodeToString(pair.getPublic().getEncoded()))
        .build();
  }

  /** The name under which the public key stands in {@code corvid-trust}. */
  public String id() {
    return id;
  }

  /** Base64 of the X.509 encoding, as {@link dev.corvid.wire.config.Trust} carries it. */
  String publicKey() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** The grant with this key's signature. */
  public SignedGrant sign(Grant grant) {
    return SignedGrant.sign(grant, id, pair.getPrivate());
  }

  /** The grant, if this key signed it. */
  public Optional<Grant> signedGrant(SignedGrant signed) {
    try {
      return Optional.of(signed.verify(Map.of(id, pair.getPublic())));
    } catch (WireException e) {
      return Optional.empty();
    }
  }

  /**
   * The key with which the seeder of one source of one release proves its publication: 32 bytes,
   * the same after a restart of the operator, and no way back to the signing key.
   */
  public byte[] publicationKey(String releaseUid, String sourceHash) {
    return derived("corvid-publication-v1\n" + releaseUid + "\n" + sourceHash);
  }

  /**
   * The key of the swarms of those who share content, the same after a restart of the operator.
   *
   * @param scope names those who share
   */
  public SwarmKey swarmKey(String scope) {
    return SwarmKey.of(derived("corvid-swarm-key-v1\n" + scope));
  }

  /**
   * By which the operator recognizes what it wrote down where others may write as well.
   *
   * @param parts what is sealed, in this order; the first one says what it is
   * @return 64 hex digits
   */
  public String seal(List<String> parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(sealKey);
      // Each part with its length before it: no part can pretend to be two.
      parts.forEach(part -> mac.update(utf8(utf8(part).length + ":" + part + "\n")));
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " is part of every JDK", e);
    }
  }

  /**
   * Whether these parts were sealed with this key.
   *
   * @param seal of anybody; null for none
   */
  public boolean isSealed(@Nullable String seal, List<String> parts) {
    return seal != null && MessageDigest.isEqual(utf8(seal), utf8(seal(parts)));
  }

  private byte[] derived(String info) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(pair.getPrivate().getEncoded())
                  .thenExpand(utf8(info), 32));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of every JDK since 25", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

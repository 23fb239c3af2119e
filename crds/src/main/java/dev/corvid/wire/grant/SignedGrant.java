package dev.corvid.wire.grant;

import dev.corvid.wire.Require;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/**
 * A grant with the operator's signature (Ed25519, RFC 8032) over its exact JSON text. The text
 * travels as it was signed, so no canonical form is needed.
 *
 * @param payload JSON of a {@link Grant}
 * @param keyId name of the public key in {@code corvid-trust}
 * @param signature base64
 */
public record SignedGrant(String payload, String keyId, String signature) {
  /** Signed before the payload: a signature made for a grant is valid for nothing else. */
  private static final byte[] CONTEXT = "corvid-grant-v1\n".getBytes(StandardCharsets.US_ASCII);

  public SignedGrant {
    Require.document(payload, "payload", 1 << 16);
    Require.text(keyId, "keyId", 64);
    Require.text(signature, "signature", 128);
  }

  public static SignedGrant sign(Grant grant, String keyId, PrivateKey key) {
    String payload = new String(Wire.encode(grant), StandardCharsets.UTF_8);
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(CONTEXT);
      signer.update(payload.getBytes(StandardCharsets.UTF_8));
      return new SignedGrant(payload, keyId, Base64.getEncoder().encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the key " + keyId, e);
    }
  }

  /**
   * The grant, if one of the trusted keys signed it.
   *
   * @param trusted public keys by key id
   * @throws WireException when the key is unknown, the signature wrong, or the grant malformed
   */
  public Grant verify(Map<String, PublicKey> trusted) throws WireException {
    PublicKey key = trusted.get(keyId);
    if (key == null) {
      throw new WireException("the grant is signed with an unknown key, " + keyId);
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(CONTEXT);
      verifier.update(payload.getBytes(StandardCharsets.UTF_8));
      if (!verifier.verify(Base64.getDecoder().decode(signature))) {
        throw new WireException("the grant's signature is wrong");
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new WireException("the grant's signature cannot be read", e);
    }
    return unverified();
  }

  /**
   * The grant without a check of its signature: for who relays it and decides nothing by it.
   *
   * @throws WireException when the payload is malformed
   */
  public Grant unverified() throws WireException {
    return Wire.decode(payload.getBytes(StandardCharsets.UTF_8), Grant.class);
  }
}

package dev.corvid.wire.config;

import dev.corvid.wire.Require;
import dev.corvid.wire.WireException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The trust anchor, as the ConfigMap {@code corvid-trust} carries it under the key {@value #FILE}:
 * who signs grants and who issues tokens.
 *
 * @param grantKeys Ed25519 public keys (base64 of their X.509 encoding) by key id
 * @param issuer of service-account tokens in this cluster
 * @param jwks the cluster's JSON Web Key Set, as served at {@code /openid/v1/jwks}
 * @param peerSubject {@code system:serviceaccount:<namespace>:<name>} of the peers
 * @param operatorSubject the operator's
 */
public record Trust(
    Map<String, String> grantKeys,
    String issuer,
    String jwks,
    String peerSubject,
    String operatorSubject) {
  public static final String FILE = "trust.json";

  public Trust {
    grantKeys = Map.copyOf(Require.present(grantKeys, "grantKeys"));
    Require.text(issuer, "issuer", 1024);
    Require.document(jwks, "jwks", 1 << 18);
    Require.text(peerSubject, "peerSubject", 512);
    Require.text(operatorSubject, "operatorSubject", 512);
  }

  /**
   * The keys that may sign a grant, by key id.
   *
   * @throws WireException when one of them is not an Ed25519 public key
   */
  public Map<String, PublicKey> publicKeys() throws WireException {
    Map<String, PublicKey> keys = new HashMap<>();
    for (Map.Entry<String, String> entry : grantKeys.entrySet()) {
      try {
        byte[] encoded = Base64.getDecoder().decode(entry.getValue());
        keys.put(
            entry.getKey(),
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new WireException("the grant key " + entry.getKey() + " is not Ed25519", e);
      }
    }
    return Map.copyOf(keys);
  }
}

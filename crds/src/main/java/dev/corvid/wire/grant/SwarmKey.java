package dev.corvid.wire.grant;

import dev.corvid.wire.Require;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What those have in common who may share content: the releases of one namespace below one root, or
 * all of a root that is shared. The operator derives it from its signing key; a seeder finds its
 * own in its task; peers never see it, only the names of swarms in their grants.
 *
 * @param base64 of 32 bytes
 */
public record SwarmKey(String base64) {
  private static final int ID_BYTES = 20;

  public SwarmKey {
    Require.text(base64, "swarmKey", 64);
    if (Base64.getDecoder().decode(base64).length != 32) {
      throw new IllegalArgumentException("swarmKey must be base64 of 32 bytes");
    }
  }

  public static SwarmKey of(byte[] key) {
    return new SwarmKey(Base64.getEncoder().encodeToString(key));
  }

  /**
   * The name of the swarm in which a content travels: the first 20 bytes of an HMAC-SHA-256 over
   * its info-hash, which stand in the handshake where BEP 3 has the info-hash. Only with the key
   * can it be computed from the content.
   *
   * @param infoHash 40 hex digits
   * @return 40 hex digits
   */
  public String swarmOf(String infoHash) {
    String text = "corvid-swarm-name-v1\n" + Require.infoHash(infoHash, "infoHash");
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(base64), "HmacSHA256"));
      byte[] whole = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(Arrays.copyOf(whole, ID_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "SwarmKey[…]";
  }
}

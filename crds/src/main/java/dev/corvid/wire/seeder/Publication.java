package dev.corvid.wire.seeder;

import dev.corvid.wire.Require;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Rank;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A seeder's word on what it made of the source. It proves itself to the operator, not to the
 * tracker that relays it, by an HMAC-SHA-256 under the key in the seeder's own pod spec.
 *
 * @param releaseUid uid of the SwarmRelease
 * @param sourceHash the source that was fetched, as the operator named it
 * @param sourceDigest {@code sha256:…} of the fetched bytes
 * @param content what it became
 * @param originBytes bytes read from the source, retries included
 * @param hmac lower-case hex
 */
public record Publication(
    String releaseUid,
    String sourceHash,
    String sourceDigest,
    Content content,
    long originBytes,
    String hmac) {
  public Publication {
    Require.text(releaseUid, "releaseUid", 64);
    Require.text(sourceHash, "sourceHash", 160);
    Require.digest(sourceDigest, "sourceDigest");
    Require.present(content, "content");
    Require.range(originBytes, 0, Rank.LIMIT, "originBytes");
    Require.text(hmac, "hmac", 64);
  }

  /** A publication signed with the key from the pod spec. */
  public static Publication prove(
      String releaseUid,
      String sourceHash,
      String sourceDigest,
      Content content,
      long originBytes,
      byte[] key) {
    return new Publication(
        releaseUid,
        sourceHash,
        sourceDigest,
        content,
        originBytes,
        hmac(releaseUid, sourceHash, sourceDigest, content, key));
  }

  /** Whether who made this publication knew the key. Constant time. */
  public boolean isProvenBy(byte[] key) {
    String expected = hmac(releaseUid, sourceHash, sourceDigest, content, key);
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), hmac.getBytes(StandardCharsets.UTF_8));
  }

  private static String hmac(
      String releaseUid, String sourceHash, String sourceDigest, Content content, byte[] key) {
    String text =
        String.join(
            "\n",
            "corvid-publication-v1",
            releaseUid,
            sourceHash,
            sourceDigest,
            content.manifestDigest(),
            content.infoHash(),
            Integer.toString(content.pieceLength()),
            Long.toString(content.sizeBytes()),
            Integer.toString(content.fileCount()));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }
}

package dev.corvid.wire.grant;

import dev.corvid.wire.Require;

/**
 * One revision's content, as everybody names it.
 *
 * @param manifestDigest {@code sha256:…} of the manifest; its first 12 hex digits name the revision
 * @param infoHash BitTorrent info-hash (SHA-1 of the info dictionary), 40 hex digits
 * @param pieceLength bytes, a power of two from 16 KiB to 16 MiB
 * @param sizeBytes bytes of all files, manifest and padding apart
 * @param fileCount regular files
 */
public record Content(
    String manifestDigest, String infoHash, int pieceLength, long sizeBytes, int fileCount) {
  public Content {
    Require.digest(manifestDigest, "manifestDigest");
    Require.infoHash(infoHash, "infoHash");
    Require.range(pieceLength, 1 << 14, 1 << 24, "pieceLength");
    if (Integer.bitCount(pieceLength) != 1) {
      throw new IllegalArgumentException("pieceLength must be a power of two, is " + pieceLength);
    }
    Require.range(sizeBytes, 0, 1L << 50, "sizeBytes");
    Require.range(fileCount, 0, 10_000_000, "fileCount");
  }

  /** The short name of the revision: the first 12 hex digits of the manifest's SHA-256. */
  public String revision() {
    return revisionOf(manifestDigest);
  }

  /** The revision's short name for a full {@code sha256:…} digest. */
  public static String revisionOf(String manifestDigest) {
    return manifestDigest.substring("sha256:".length(), "sha256:".length() + 12);
  }
}

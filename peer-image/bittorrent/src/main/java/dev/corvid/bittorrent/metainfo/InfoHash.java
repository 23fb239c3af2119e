package dev.corvid.bittorrent.metainfo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-1 of a bencoded info dictionary (BEP 3): the name of a torrent. Immutable. */
public final class InfoHash {
  public static final int LENGTH = Sha1.LENGTH;

  private final byte[] bytes;

  private InfoHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException unless there are {@value #LENGTH} bytes
   */
  public static InfoHash of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("an info-hash has 20 bytes, not " + bytes.length);
    }
    return new InfoHash(bytes.clone());
  }

  /**
   * @throws IllegalArgumentException unless it is 40 hexadecimal digits
   */
  public static InfoHash ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** The hash of a bencoded info dictionary. The buffer's position stays. */
  public static InfoHash ofInfo(ByteBuffer info) {
    var digest = Sha1.digest();
    digest.update(info.duplicate());
    return new InfoHash(digest.digest());
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** 40 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InfoHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}

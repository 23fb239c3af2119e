package dev.corvid.announce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What a peer calls itself (BEP 3): the program's mark (BEP 20) and random bytes. Immutable. */
public final class PeerId {
  static final int LENGTH = 20;
  private static final byte[] MARK = "-CV0010-".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes;

  private PeerId(byte[] bytes) {
    this.bytes = bytes;
  }

  public static PeerId random(RandomGenerator random) {
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    System.arraycopy(MARK, 0, bytes, 0, MARK.length);
    return new PeerId(bytes);
  }

  static PeerId of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a peer id has 20 bytes, not " + bytes.length);
    }
    return new PeerId(bytes.clone());
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}

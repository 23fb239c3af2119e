package dev.corvid.bittorrent;

import dev.corvid.net.Version;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What a peer calls itself towards trackers and other peers (BEP 3): the program's mark (BEP 20)
 * and random bytes, one for each process. Immutable.
 */
public final class PeerId implements Comparable<PeerId> {
  public static final int LENGTH = 20;

  private final byte[] bytes;

  private PeerId(byte[] bytes) {
    this.bytes = bytes;
  }

  public static PeerId random(RandomGenerator random) {
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    var mark = ("-CV" + Version.mark() + "-").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mark, 0, bytes, 0, mark.length);
    return new PeerId(bytes);
  }

  /**
   * @throws IllegalArgumentException unless it has {@link #LENGTH} bytes
   */
  public static PeerId of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a peer id has 20 bytes, not " + bytes.length);
    }
    return new PeerId(bytes.clone());
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** By its bytes: the same on both sides of a connection. */
  @Override
  public int compareTo(PeerId other) {
    return Arrays.compare(bytes, other.bytes);
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

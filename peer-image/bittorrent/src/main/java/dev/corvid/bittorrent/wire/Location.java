package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.metainfo.Sha1;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a peer runs.
 *
 * @param zone empty if it is not known
 * @param host stands for its machine, see {@link #host(String)}; empty if it is not known
 */
public record Location(String zone, String host) {
  /** Not known. */
  public static final Location NOWHERE = new Location("", "");

  private static final int HOST_BYTES = 8;

  /**
   * What stands for the machine of that name: not the name itself, which is no business of other
   * peers. Empty for an empty name.
   */
  public static String host(String name) {
    if (name.isEmpty()) {
      return "";
    }
    var digest = Sha1.digest().digest(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(digest, HOST_BYTES));
  }

  /** Whether both run on one machine, as far as is known. */
  public boolean isSameHost(Location other) {
    return !host.isEmpty() && host.equals(other.host);
  }

  /** Whether the other one is in another zone, as far as is known. */
  public boolean isOtherZone(Location other) {
    return !zone.isEmpty() && !other.zone.isEmpty() && !zone.equals(other.zone);
  }
}

package dev.corvid.operator.label;

import dev.corvid.operator.metadata.Sha256Hex;

/** The name of the label of one release; its value on a Node is the revision that is active. */
public final class NodeLabel {
  public static final String PREFIX = "release.corvid.dev/";

  /** What the API server admits after the prefix. */
  private static final int MAX_NAME = 63;

  private static final int HASH = 12;

  private NodeLabel() {}

  /**
   * {@code release.corvid.dev/<namespace>.<name>}: neither part has a dot. One that is too long
   * ends in a hash of itself.
   */
  public static String key(String namespace, String name) {
    String full = namespace + "." + name;
    if (full.length() <= MAX_NAME) {
      return PREFIX + full;
    }
    String hash = Sha256Hex.hex(full).substring(0, HASH);
    return PREFIX + full.substring(0, MAX_NAME - HASH - 1) + "." + hash;
  }
}

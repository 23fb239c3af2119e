package dev.corvid.bittorrent.metainfo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-1 as BEP 3 uses it. Every Java platform has it. */
public final class Sha1 {
  static final int LENGTH = 20;

  private Sha1() {}

  /** A new one, for one thread at a time. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

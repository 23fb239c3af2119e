package dev.corvid.wire.text;

/** Bounds of what is asked for in bytes per second. */
public final class Rate {
  /** 64Ki: four blocks of BitTorrent a second. Below that, peers take a connection for dead. */
  public static final long LEAST = 64L << 10;

  /** 1Ti: more than any node's network. */
  public static final long MOST = 1L << 40;

  private Rate() {}
}

package dev.corvid.bittorrent.metainfo;

import java.io.IOException;

/** Input is not bencode, or exceeds a bound. The message names the byte where reading stopped. */
public final class BencodeException extends IOException {
  private static final long serialVersionUID = 1L;

  public BencodeException(String message) {
    super(message);
  }
}

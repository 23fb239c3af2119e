package dev.corvid.bittorrent.wire;

import java.io.IOException;

/** The other side broke the protocol; its connection ends. */
public final class ProtocolException extends IOException {
  public ProtocolException(String what) {
    super(what);
  }
}

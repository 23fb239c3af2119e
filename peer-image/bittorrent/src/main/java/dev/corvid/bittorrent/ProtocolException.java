package dev.corvid.bittorrent;

import java.io.IOException;

/** The other side broke the protocol; its connection ends. */
final class ProtocolException extends IOException {
  ProtocolException(String what) {
    super(what);
  }
}

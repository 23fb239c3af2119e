package dev.corvid.node;

import java.io.IOException;

/** The tracker that answers is not the one that was meant: it needs to be told everything. */
final class OtherInstanceException extends IOException {
  private static final long serialVersionUID = 1L;

  OtherInstanceException() {
    super("another tracker instance answers");
  }
}

package dev.corvid.wire;

import java.io.IOException;

/** A message from outside is malformed, unsigned, or not what its sender may say. */
public class WireException extends IOException {
  public WireException(String message) {
    super(message);
  }

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}

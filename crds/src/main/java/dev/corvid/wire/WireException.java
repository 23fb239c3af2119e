package dev.corvid.wire;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** A message from outside is malformed, unsigned, or not what its sender may say. */
public class WireException extends IOException {
  public WireException(String message) {
    super(message);
  }

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}

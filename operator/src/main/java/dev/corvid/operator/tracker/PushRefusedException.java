package dev.corvid.operator.tracker;

import java.io.IOException;

/** The tracker took offence at what a push says, and would do so again. */
final class PushRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  PushRefusedException(String message) {
    super(message);
  }
}

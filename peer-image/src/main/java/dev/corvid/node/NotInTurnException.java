package dev.corvid.node;

import java.io.IOException;

/** The tracker is another instance, or has heard what was not meant to be: it needs everything. */
final class NotInTurnException extends IOException {
  private static final long serialVersionUID = 1L;

  NotInTurnException() {
    super("the tracker does not go on from there");
  }
}

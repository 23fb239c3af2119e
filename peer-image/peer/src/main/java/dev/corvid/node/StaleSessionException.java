package dev.corvid.node;

import java.io.IOException;

/**
 * The tracker is not in our session, or has heard a later turn of it: it is to be told everything.
 */
final class StaleSessionException extends IOException {
  private static final long serialVersionUID = 1L;

  StaleSessionException() {
    super("the tracker does not go on from there");
  }
}

package dev.corvid.node.tracker;

import java.io.IOException;

/**
 * The tracker does not know this session, or has received a later message of it: everything is to
 * be reported again.
 */
final class StaleSessionException extends IOException {
  private static final long serialVersionUID = 1L;

  StaleSessionException() {
    super("the tracker does not continue from there");
  }
}

package dev.corvid.cli;

/** A command cannot go on. The message is one line for the user, who can do something about it. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}

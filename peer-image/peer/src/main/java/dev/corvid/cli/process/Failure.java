package dev.corvid.cli.process;

import static java.util.Objects.requireNonNull;

/**
 * A command cannot continue. The message is one line for the user, who can do something about it.
 */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  public Failure(String message) {
    super(message);
  }

  public Failure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}

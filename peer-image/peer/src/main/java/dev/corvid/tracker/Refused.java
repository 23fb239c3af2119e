package dev.corvid.tracker;

/** A message is refused, and has changed nothing. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Refusal kind;

  Refused(Refusal kind, String message) {
    super(message);
    this.kind = kind;
  }

  Refusal kind() {
    return kind;
  }
}

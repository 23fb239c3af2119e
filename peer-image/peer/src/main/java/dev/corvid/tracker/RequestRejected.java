package dev.corvid.tracker;

/** A request was rejected, and has changed nothing. */
final class RequestRejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectionKind kind;

  RequestRejected(RejectionKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  RejectionKind kind() {
    return kind;
  }
}

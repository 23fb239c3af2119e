package dev.corvid.tracker;

import static java.util.Objects.requireNonNull;

/** A request was rejected, and has changed nothing. */
final class RequestRejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectionKind kind;

  RequestRejected(RejectionKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }

  RejectionKind kind() {
    return kind;
  }
}

package dev.corvid.store.error;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failed operation of the store. The reason is the one that the release reports; the message says
 * what happened, to what, and what to do about it. An {@link IOException}, so that it passes
 * through the swarm unchanged.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }

  public Reason reason() {
    return reason;
  }
}

package dev.corvid.seeder.error;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why the source could not become a release: a reason for machines, a message for the user. */
public class SourceException extends IOException {
  private final Reason reason;

  public SourceException(Reason reason, String message) {
    this(reason, message, null);
  }

  public SourceException(Reason reason, String message, @Nullable Throwable cause) {
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

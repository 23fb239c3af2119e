package dev.corvid.trust;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A token proves nothing to us. */
public final class TokenRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it, as metrics count it. */
  public enum Kind {
    /** No token, or something that is none. */
    MISSING,
    MALFORMED,
    /** Signed by nobody whom the cluster's key set knows. */
    SIGNATURE,
    ISSUER,
    AUDIENCE,
    /** Expired, or not valid yet, by more than the leeway. */
    TIME
  }

  private final Kind kind;

  TokenRefused(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  TokenRefused(Kind kind, String message) {
    this(kind, message, null);
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }
}

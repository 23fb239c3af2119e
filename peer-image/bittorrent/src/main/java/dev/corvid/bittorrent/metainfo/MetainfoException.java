package dev.corvid.bittorrent.metainfo;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** A torrent or info dictionary cannot be used. The message says what is wrong with it. */
public final class MetainfoException extends IOException {
  private static final long serialVersionUID = 1L;

  public MetainfoException(String message) {
    super(message);
  }

  public MetainfoException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Always there. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}

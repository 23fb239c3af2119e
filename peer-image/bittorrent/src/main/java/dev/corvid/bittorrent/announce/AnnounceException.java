package dev.corvid.bittorrent.announce;

import java.io.IOException;

/** A request or response of a tracker cannot be used. The message is fit to send to the other. */
public final class AnnounceException extends IOException {
  private static final long serialVersionUID = 1L;

  public AnnounceException(String message) {
    super(message);
  }
}

package dev.corvid.bittorrent.announce;

import java.util.Locale;

/** Why a peer announces (BEP 3). */
public enum AnnounceEvent {
  /** The interval has passed. */
  NONE,
  STARTED,
  COMPLETED,
  STOPPED;

  static AnnounceEvent parse(String text) throws AnnounceException {
    return switch (text) {
      case "", "empty", "paused" -> NONE; // paused: BEP 21
      case "started" -> STARTED;
      case "completed" -> COMPLETED;
      case "stopped" -> STOPPED;
      default -> throw new AnnounceException("unknown event");
    };
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.corvid.bittorrent;

/** What an exception says: its message, or its kind if it has none, as many of the JDK's. */
public final class ErrorMessage {
  private ErrorMessage() {}

  public static String of(Throwable e) {
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}

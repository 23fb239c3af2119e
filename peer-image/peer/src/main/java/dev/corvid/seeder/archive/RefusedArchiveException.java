package dev.corvid.seeder.archive;

/**
 * The archive may be whole, but uses what is not unpacked; the message is a sentence of its own.
 */
public final class RefusedArchiveException extends ArchiveException {
  public RefusedArchiveException(String message) {
    super(message);
  }

  public RefusedArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}

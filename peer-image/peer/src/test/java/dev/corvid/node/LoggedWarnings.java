package dev.corvid.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The warnings of a package, or of one class, while this is open. */
public final class LoggedWarnings extends Handler implements AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Logger logger;

  public LoggedWarnings(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(this);
  }

  public List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord logged) {
    if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
      messages.add(logged.getMessage());
    }
  }

  @Override
  public void flush() {
    // Each is there at once.
  }

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}

package dev.corvid.log;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one release, a line for each event, as many as its {@link LineBudget} allows.
 * Thread-safe.
 */
public final class ReleaseLog {
  private final Logger logger;
  private final LineBudget budget;

  public ReleaseLog(Logger logger, LineBudget budget) {
    this.logger = logger;
    this.budget = budget;
  }

  /** Of the events that this class reports, by its name. */
  public static ReleaseLog of(Class<?> reporter) {
    return new ReleaseLog(Logger.getLogger(reporter.getName()), new LineBudget(System::nanoTime));
  }

  public void info(LogEvent event, LogFields fields) {
    log(Level.INFO, event, event.message(), fields, null);
  }

  public void info(LogEvent event, String message, LogFields fields) {
    log(Level.INFO, event, message, fields, null);
  }

  /** What somebody may have to do something about. */
  public void warn(LogEvent event, String message, LogFields fields) {
    log(Level.WARNING, event, message, fields, null);
  }

  /**
   * @param cause for its stack trace; null for none
   */
  public void warn(LogEvent event, String message, LogFields fields, @Nullable Throwable cause) {
    log(Level.WARNING, event, message, fields, cause);
  }

  private void log(
      Level level, LogEvent event, String message, LogFields fields, @Nullable Throwable cause) {
    if (!logger.isLoggable(level)) {
      return;
    }
    long suppressed = budget.take();
    if (suppressed < 0) {
      return;
    }
    // The message may hold braces of anybody: as a parameter no formatter takes it for a pattern.
    var record = new LogRecord(level, "{1}");
    record.setLoggerName(logger.getName());
    // Else the logger looks for them on the stack.
    record.setSourceClassName(logger.getName());
    record.setSourceMethodName(event.name());
    record.setThrown(cause);
    record.setParameters(
        new Object[] {
          fields
              .and(LogKey.EVENT, event)
              .and(LogKey.SUPPRESSED, suppressed == 0 ? null : suppressed),
          message
        });
    logger.log(record);
  }
}

package dev.corvid.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.corvid.wire.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One log record as one line of JSON: {@code {"time":…,"level":…,"logger":…,"message":…}}, with the
 * {@link LogFields} of the record and its exception as further keys. Thread-safe.
 */
public class JsonLines extends Formatter {
  private static final int MAX_MESSAGE = 8 << 10;
  private static final int MAX_TRACE = 16 << 10;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final JsonFactory json = new JsonFactory();

  @Override
  public String format(LogRecord record) {
    var line = new StringWriter(256);
    try (JsonGenerator generator = json.createGenerator(line)) {
      LogFields fields = fields(record);
      generator.writeStartObject();
      generator.writeStringField("time", TIME.format(record.getInstant()));
      generator.writeStringField("level", level(record.getLevel()));
      generator.writeStringField("logger", String.valueOf(record.getLoggerName()));
      String message = String.valueOf(formatMessage(record));
      generator.writeStringField("message", Printable.text(message, MAX_MESSAGE));
      fields.forEach((key, value) -> write(generator, key, value));
      if (record.getThrown() != null) {
        generator.writeStringField("exception", trace(record.getThrown()));
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written", e);
    }
    return line.append('\n').toString();
  }

  /** The names that most other programs use, whichever library's levels these are. */
  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    } else if (value >= Level.WARNING.intValue()) {
      return "WARN";
    } else if (value >= Level.INFO.intValue()) {
      return "INFO";
    }
    return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }

  private static LogFields fields(LogRecord record) {
    Object[] parameters = record.getParameters();
    return parameters != null && parameters.length > 0 && parameters[0] instanceof LogFields fields
        ? fields
        : LogFields.NONE;
  }

  private static void write(JsonGenerator generator, LogKey key, Object value) {
    try {
      if (value instanceof Number number) {
        generator.writeNumberField(key.toString(), number.longValue());
      } else {
        generator.writeStringField(key.toString(), value.toString());
      }
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written", e);
    }
  }

  private static String trace(Throwable thrown) {
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    String text = trace.toString();
    return text.substring(0, Math.min(text.length(), MAX_TRACE));
  }
}

package dev.corvid.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One log record as one line of JSON: {@code
 * {"time":…,"level":…,"logger":…,"message":…,"exception":…}}.
 */
public final class JsonFormatter extends Formatter {
  private final JsonFactory json = new JsonFactory();

  @Override
  public String format(LogRecord record) {
    var line = new StringWriter(256);
    try (JsonGenerator generator = json.createGenerator(line)) {
      generator.writeStartObject();
      generator.writeStringField("time", record.getInstant().toString());
      generator.writeStringField("level", record.getLevel().getName());
      generator.writeStringField("logger", record.getLoggerName());
      generator.writeStringField("message", formatMessage(record));
      if (record.getThrown() != null) {
        generator.writeStringField("exception", trace(record.getThrown()));
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written", e);
    }
    return line.append('\n').toString();
  }

  private static String trace(Throwable thrown) {
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}

package dev.corvid.operator.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.log.JsonLines;
import dev.corvid.operator.release.status.StatusLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What this test's thread writes of releases, as JSON: an operator of another test may yet be
 * ending.
 */
public final class LoggedLines extends Handler {
  private final Logger logger = Logger.getLogger(StatusLog.class.getName());
  private final Thread thread = Thread.currentThread();
  private final List<JsonNode> all = new ArrayList<>();

  public void listen() {
    logger.addHandler(this);
    logger.setLevel(Level.INFO);
  }

  public void stop() {
    logger.removeHandler(this);
  }

  public List<JsonNode> all() {
    return all;
  }

  public List<String> texts() {
    return all.stream().map(LoggedLines::text).toList();
  }

  private static String text(JsonNode line) {
    var text = new StringBuilder(line.path("level").asText());
    text.append(' ').append(line.path("event").asText());
    for (String key : List.of("revision", "wave", "grant", "reason", "nodes")) {
      if (line.has(key)) {
        text.append(' ').append(key).append('=').append(line.path(key).asText());
      }
    }
    return text.toString();
  }

  @Override
  public void publish(LogRecord record) {
    if (Thread.currentThread() != thread) {
      return;
    }
    try {
      all.add(new ObjectMapper().readTree(new JsonLines().format(record)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

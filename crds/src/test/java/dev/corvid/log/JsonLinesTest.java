package dev.corvid.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();

  @Test
  void writesARecordAsOneLine() throws Exception {
    var record = new LogRecord(Level.WARNING, "refused \"{0}\"\nfrom {1}");
    record.setLoggerName("dev.corvid.tracker");
    record.setParameters(new Object[] {"a grant", "node-1"});
    record.setThrown(new IOException("disk on fire"));
    record.setInstant(Instant.parse("2026-01-02T03:04:05.000001Z"));

    String line = new JsonLines().format(record);

    assertThat(line).endsWith("\n");
    assertThat(line.strip().lines()).hasSize(1);
    var json = new JsonMapper().readTree(line);
    assertThat(json.get("time").asText()).isEqualTo("2026-01-02T03:04:05.000Z");
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("dev.corvid.tracker");
    assertThat(json.get("message").asText()).isEqualTo("refused \"a grant\" from node-1");
    assertThat(json.get("exception").asText()).contains("disk on fire", "JsonLinesTest");
  }

  @Test
  void callsLevelsAsMostProgramsDo() throws Exception {
    for (var level :
        List.of(Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINER)) {
      var line = new JsonLines().format(new LogRecord(level, "x"));
      assertThat(List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE"))
          .contains(new JsonMapper().readTree(line).get("level").asText());
    }
  }

  @Test
  void writesFieldsAsKeysOfTheirOwn() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    try (var captured = new Captured(lines)) {
      var fields = LogFields.of(LogKey.RELEASE, "search/ranking").and(LogKey.BYTES, 12L);
      captured.log.info(LogEvent.Placed, fields.and(LogKey.REASON, null));
      captured.log.warn(LogEvent.FetchFailed, "no {0} at {url}", fields);
    }

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().get("event").asText()).isEqualTo("Placed");
    assertThat(lines.getFirst().get("release").asText()).isEqualTo("search/ranking");
    assertThat(lines.getFirst().get("bytes").isIntegralNumber()).isTrue();
    assertThat(lines.getFirst().has("reason")).isFalse();
    assertThat(lines.getFirst().has("suppressed")).isFalse();
    assertThat(lines.getLast().get("message").asText()).isEqualTo("no {0} at {url}");
    assertThat(lines.getLast().get("level").asText()).isEqualTo("WARN");
  }

  @Test
  void keepsTheBracesOfAMessageInPlainText() {
    try (var captured = new Captured(new ArrayList<>())) {
      captured.log.warn(LogEvent.FetchFailed, "no {0}, it's gone", LogFields.NONE);

      assertThat(captured.plain).containsExactly("no {0}, it's gone");
    }
  }

  @Test
  void namesAFewNodesAndCountsTheRest() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    try (var captured = new Captured(lines)) {
      captured.log.info(LogEvent.RemovalOrdered, LogFields.NONE.andNodes(List.of("b", "a")));
      captured.log.info(
          LogEvent.RemovalOrdered,
          LogFields.NONE.andNodes(IntStream.range(0, 1000).mapToObj(i -> "n" + i).toList()));
    }

    assertThat(lines.getFirst().get("nodes").asText()).isEqualTo("a,b");
    assertThat(lines.getLast().get("nodes").asText()).startsWith("n0,n1,").endsWith(" 990 more");
  }

  @Test
  void boundsTheLinesOfARelease() {
    List<JsonNode> lines = new ArrayList<>();
    try (var captured = new Captured(lines)) {
      for (int i = 0; i < 1000; i++) {
        captured.log.info(LogEvent.Placed, LogFields.NONE);
      }
      assertThat(lines).hasSize(60);
      now.addAndGet(10 * SECOND);
      captured.log.info(LogEvent.Placed, LogFields.NONE);
      captured.log.info(LogEvent.Placed, LogFields.NONE);
    }

    assertThat(lines).hasSize(61);
    assertThat(lines.getLast().get("suppressed").asLong()).isEqualTo(940);
  }

  /** A logger of its own whose lines are read as JSON. */
  private final class Captured extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(JsonLinesTest.class.getName());
    private final ReleaseLog log = new ReleaseLog(logger, new LineBudget(now::get));
    private final List<JsonNode> lines;
    private final List<String> plain = new ArrayList<>();

    Captured(List<JsonNode> lines) {
      this.lines = lines;
      logger.addHandler(this);
      logger.setUseParentHandlers(false);
      logger.setLevel(Level.INFO);
    }

    @Override
    public void publish(LogRecord record) {
      plain.add(new SimpleFormatter().formatMessage(record));
      try {
        lines.add(new JsonMapper().readTree(new JsonLines().format(record)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }
}

package dev.corvid.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogsDocumentTest {
  private static final List<String> COMMON =
      List.of("time", "level", "logger", "message", "exception");

  @Test
  void theTablesHaveEveryKeyAndEveryEvent() throws IOException {
    List<String> rows =
        Stream.concat(
                COMMON.stream(),
                Stream.concat(Arrays.stream(LogKey.values()), Arrays.stream(LogEvent.values())))
            .map(Object::toString)
            .toList();

    assertThat(
            Files.readAllLines(Path.of("../docs/logs.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1]))
        .isEqualTo(rows);
  }
}

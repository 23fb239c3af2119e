package dev.corvid.reference;

import dev.corvid.log.LogEvent;
import dev.corvid.log.LogKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogsReferenceTest {
  @Test
  void thePageHasEveryKeyAndEveryEvent() throws IOException {
    new Page(
            "Keys and events of log lines",
            "[logs.md](../logs.md) says how to read them, and which keys every line has.")
        .heading(2, "Keys")
        .table(
            List.of("key", "value"),
            Arrays.stream(LogKey.values()).map(key -> List.of(code(key), key.meaning())).toList())
        .heading(2, "Events")
        .table(
            List.of("event", "written by", "when"),
            Arrays.stream(LogEvent.values())
                .map(event -> List.of(code(event), event.program().toString(), event.when()))
                .toList())
        .isCommittedAs("logs.md");
  }

  private static String code(Object word) {
    return "`" + word + "`";
  }
}

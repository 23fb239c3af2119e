package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.fetch.StartTimes.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTimesTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final StartTimes times = new StartTimes(now::get, Duration.ofMillis(400), lines::add);

  @Test
  void eachStageCountsOnceAndInOrder() {
    times.ended(Stage.PROCESS);
    pass(100);
    times.ended(Stage.RESOLVED);
    pass(250);
    times.ended(Stage.SOURCE); // of a later attempt
    times.ended(Stage.FIRST_BYTE);
    times.ended(Stage.FIRST_BYTE);

    assertThat(lines)
        .containsExactly(
            "from the start of the process to the first byte of the source: 0.75 s"
                + " (JVM and arguments 0.40 s, DNS 0.10 s, first byte 0.25 s)");
  }

  private void pass(int millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void aFetchTellsItsStages(@TempDir Path scratch) throws Exception {
    try (var server = new SourceServer().serve("/x.bin", new byte[1000])) {
      var fixture = new FetchFixture(scratch, server.url("/x.bin"));
      fixture.progress = new FetchProgress(times);

      fixture.fetch();
      fixture.fetch();
    }

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .containsSubsequence(
            "scratch and tracker", "Secret and trust", "connection and answer", "first byte");
  }

  @Test
  void aProcessHasAnAge() {
    assertThat(StartTimes.age()).isPositive().isLessThan(Duration.ofDays(1));
  }
}

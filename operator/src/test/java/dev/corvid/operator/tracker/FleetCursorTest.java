package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetCursorTest {
  private final FleetCursor cursor = new FleetCursor();

  @Test
  void asksForLessUntilAnAnswerCanBeReadAndThenForMoreAgain() {
    int first = cursor.next().bytes();
    assertThat(cursor.refused()).isTrue();
    assertThat(cursor.next()).isEqualTo(new FleetPoll(null, 0, first / 2));

    cursor.read(new Fleet("i", 7, true, true, List.of(), List.of()));
    assertThat(cursor.next()).isEqualTo(new FleetPoll("i", 7, first));
    cursor.read(new Fleet("i", 8, false, false, List.of(), List.of()));
    assertThat(cursor.next().bytes()).isEqualTo(first);
  }

  @Test
  void saysWhenItCannotAskForLess() {
    int attempts = 0;
    while (cursor.refused()) {
      attempts++;
    }
    assertThat(attempts).isEqualTo(6);
    assertThat(cursor.next().bytes()).isEqualTo(FleetCursor.FEWEST_BYTES);
  }
}

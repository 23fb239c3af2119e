package dev.corvid.e2e.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.bench.report.Goal.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTableTest {
  private static final Source OURS = new Source("row", "ours", "seconds");

  private final Figures figures = new Figures();

  @Test
  void aRatioIsTakenOverTheMedianOfTheOther() {
    add("ours", 1, 2);
    add("ours", 2, 4);
    add("theirs", 1, 4);

    assertThat(lines(Goal.atMost(1, "wall", OURS, OURS.of("theirs"))))
        .containsExactly("| wall | ≤ 1 | 0.75 (0.50–1.00) | yes |");
    assertThat(lines(Goal.timesBetter(2, "faster", OURS, OURS.of("theirs"))))
        .containsExactly("| faster | ≥ 2 | 1.50 (1.00–2.00) | **no** |");
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() {
    add("ours", 1, 2);

    assertThat(lines(Goal.atMost(1, "wall", OURS, OURS.of("theirs")))).isEmpty();
    assertThat(lines(Goal.atMost(1.5, "seconds", OURS)))
        .containsExactly("| seconds | ≤ 1.5 | 2.00 | **no** |");
  }

  private List<String> lines(Goal goal) {
    var table = new GoalTable(figures, List.of(goal)).lines();
    return table.subList(2, table.size());
  }

  private void add(String program, int repeat, double value) {
    figures.add(new Figure("row", program, repeat, "seconds", value));
  }
}

package dev.corvid.e2e.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowTableTest {
  private final Figures figures = new Figures();

  @Test
  void showsTheMedianAndTheSpreadOfRepeats() {
    add("ours", 1, "seconds", 3);
    add("ours", 2, "seconds", 1);
    add("ours", 3, "seconds", 20);

    assertThat(new RowTable(figures, "row").lines())
        .containsExactly("| program | seconds |", "|---|---:|", "| ours | 3.00 (1.00–20.0) |");
  }

  @Test
  void whatAProgramDidNotTellIsADash() {
    add("ours", 1, "seconds", 3);
    add("theirs", 1, "copies", 2);

    assertThat(new RowTable(figures, "row").lines())
        .contains("| ours | 3.00 | - |", "| theirs | - | 2.00 |");
  }

  private void add(String program, int repeat, String measure, double value) {
    figures.add(new Figure("row", program, repeat, measure, value));
  }
}

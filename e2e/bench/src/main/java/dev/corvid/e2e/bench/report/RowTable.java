package dev.corvid.e2e.bench.report;

import java.util.ArrayList;
import java.util.List;

/** One row of the bench as a table in Markdown: a line a program, a column a measure. */
public record RowTable(Figures figures, String row) {

  public List<String> lines() {
    var measures = figures.measures(row);
    var lines = new ArrayList<String>();
    lines.add("| program | " + String.join(" | ", measures) + " |");
    lines.add("|---" + "|---:".repeat(measures.size()) + "|");
    for (var program : figures.programs(row)) {
      var cells = new ArrayList<String>();
      for (var measure : measures) {
        cells.add(figures.spread(row, program, measure).map(Spread::toString).orElse("-"));
      }
      lines.add("| " + program + " | " + String.join(" | ", cells) + " |");
    }
    return lines;
  }
}

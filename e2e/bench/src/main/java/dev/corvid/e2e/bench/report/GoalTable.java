package dev.corvid.e2e.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What was to be reached and what was, as a table in Markdown; goals without figures are left out.
 */
public record GoalTable(Figures figures, List<Goal> goals) {

  public List<String> lines() {
    var lines =
        new ArrayList<>(List.of("| measure | goal | Corvid | reached |", "|---|---:|---:|---|"));
    for (var goal : goals) {
      goal.value(figures)
          .ifPresent(
              value ->
                  lines.add(
                      "| %s | %s %s | %s | %s |"
                          .formatted(
                              goal.title(),
                              goal.atMost() ? "≤" : "≥",
                              Double.toString(goal.bound()).replaceFirst("\\.0$", ""),
                              value,
                              goal.reached(value) ? "yes" : "**no**")));
    }
    return lines;
  }
}

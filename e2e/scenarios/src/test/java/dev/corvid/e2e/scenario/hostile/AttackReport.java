package dev.corvid.e2e.scenario.hostile;

import dev.corvid.e2e.Table;
import dev.corvid.e2e.scenario.Figures;
import java.io.IOException;

/** The table that {@code make hostile} prints: who tried what, what it got and what it cost. */
final class AttackReport {
  private static final int WIDEST = 90;

  private final String attacker;
  private final Table table = new Table("attacker", "tried", "got", "cost to others");

  AttackReport(String attacker) {
    this.attacker = attacker;
  }

  void add(String tried, Victims.Outcome outcome) {
    add(tried, outcome.got(), outcome.cost());
  }

  void add(String tried, String got, String cost) {
    var line = got.strip().replaceAll("\\s+", " ");
    table.row(
        attacker, tried, line.length() > WIDEST ? line.substring(0, WIDEST) + "…" : line, cost);
  }

  void record() throws IOException {
    Figures.record("hostile " + attacker, table.lines());
  }
}

package dev.corvid.e2e.bench;

import dev.corvid.e2e.bench.report.Csv;
import dev.corvid.e2e.bench.report.Figures;
import dev.corvid.e2e.bench.report.Goal;
import dev.corvid.e2e.bench.report.GoalTable;
import dev.corvid.e2e.bench.report.Progress;
import dev.corvid.e2e.bench.report.ProgressPlot;
import dev.corvid.e2e.bench.report.RowTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run leaves in {@code target/bench}, row by row, so that an interrupted one leaves some.
 */
final class Results {
  static final String FAILED = "runs that failed";

  private final Path folder;
  private final List<Row> rows;
  private final List<Goal> goals;
  private final Figures figures = new Figures();
  private final List<Progress> progress = new ArrayList<>();

  Results(Path folder, List<Row> rows, List<Goal> goals) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.rows = rows;
    this.goals = goals;
  }

  /** Takes over what an earlier run measured in other rows. */
  void keepOthersThan(List<Row> chosen) throws IOException {
    var measured = chosen.stream().map(Row::name).toList();
    Csv.read(folder.resolve("figures.csv")).stream()
        .filter(figure -> !measured.contains(figure.row()))
        .forEach(figures::add);
  }

  Figures figures() {
    return figures;
  }

  List<Progress> progress() {
    return progress;
  }

  List<String> table(Row row) {
    return new RowTable(figures, row.name()).lines();
  }

  /** What was to be reached, and what was. */
  List<String> summary() {
    return new GoalTable(figures, goals).lines();
  }

  /** CSV of all so far, and the plots of one row. */
  void write(Row row) throws IOException {
    Csv.write(folder.resolve("figures.csv"), figures);
    var swarms = progress.stream().filter(swarm -> swarm.row().equals(row.name())).toList();
    for (var swarm : swarms) {
      var name = "%s-%s-%d.csv".formatted(swarm.row(), swarm.program(), swarm.repeat());
      Csv.write(folder.resolve(name), swarm);
    }
    var first = swarms.stream().filter(swarm -> swarm.repeat() == 1).toList();
    if (!first.isEmpty()) {
      new ProgressPlot(first).write(folder.resolve(row.name() + ".svg"));
    }
  }

  /** Everything as one page. */
  void writeSummary() throws IOException {
    Files.write(folder.resolve("results.md"), page());
  }

  void record(Path file) throws IOException {
    Files.write(file, page());
  }

  private List<String> page() throws IOException {
    var lines = new ArrayList<>(new Heading().lines());
    lines.addAll(List.of("", "## What was to be reached", ""));
    lines.addAll(summary());
    for (var row : rows) {
      if (figures.has(row.name())) {
        lines.addAll(List.of("", "## " + row.title(), ""));
        lines.addAll(table(row));
      }
    }
    return lines;
  }
}

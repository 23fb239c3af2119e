package dev.corvid.e2e.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Figures and progress for other programs to read. */
public final class Csv {
  private static final Pattern LINE =
      Pattern.compile("([^,]+),\"([^\"]+)\",(\\d+),\"([^\"]+)\",(.+)");

  private Csv() {}

  public static void write(Path file, Figures figures) throws IOException {
    var lines = new java.util.ArrayList<>(List.of("row,program,repeat,measure,value"));
    for (var figure : figures.all()) {
      lines.add(
          "%s,\"%s\",%d,\"%s\",%s"
              .formatted(
                  figure.row(),
                  figure.program(),
                  figure.repeat(),
                  figure.measure(),
                  figure.value()));
    }
    Files.write(file, lines);
  }

  /** What {@link #write} wrote; nothing if there is no such file. */
  public static List<Figure> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var lines = Files.lines(file)) {
      return lines.map(LINE::matcher).filter(Matcher::matches).map(Csv::figure).toList();
    }
  }

  private static Figure figure(Matcher line) {
    return new Figure(
        line.group(1),
        line.group(2),
        Integer.parseInt(line.group(3)),
        line.group(4),
        Double.parseDouble(line.group(5)));
  }

  /** Every peer's progress in one swarm. */
  public static void write(Path file, Progress progress) throws IOException {
    var lines = new java.util.ArrayList<>(List.of("peer,seconds,bytes"));
    for (int peer = 0; peer < progress.peers().size(); peer++) {
      for (var point : progress.peers().get(peer)) {
        lines.add("%d,%.3f,%d".formatted(peer, point.seconds(), point.bytes()));
      }
    }
    Files.write(file, lines);
  }
}

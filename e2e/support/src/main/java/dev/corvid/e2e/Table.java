package dev.corvid.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows in columns: words to the left, figures to the right. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    rows.add(List.of(header));
  }

  public Table row(Object... cells) {
    var row = new ArrayList<String>();
    for (var cell : cells) {
      row.add(
          cell instanceof Double number
              ? String.format(Locale.ROOT, "%.1f", number)
              : String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  public List<String> lines() {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      var cell = row.get(i);
      boolean figure = !cell.isEmpty() && Character.isDigit(cell.charAt(0)) && i > 0;
      line.append(("%" + (figure ? "" : "-") + widths[i] + "s").formatted(cell)).append("  ");
    }
    return line.toString().stripTrailing();
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}

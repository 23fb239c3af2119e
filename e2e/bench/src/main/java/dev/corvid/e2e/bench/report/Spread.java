package dev.corvid.e2e.bench.report;

import java.util.List;
import java.util.Locale;

/** The median of repeats, the least and the most. */
public record Spread(double median, double least, double most, int count) {

  public static Spread of(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int size = sorted.size();
    double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast(), size);
  }

  @Override
  public String toString() {
    return count == 1 ? text(median) : text(median) + " (" + text(least) + "–" + text(most) + ")";
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
  }
}

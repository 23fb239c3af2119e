package dev.corvid.e2e.bench.report;

import java.util.Optional;

/**
 * Something that was to be reached. Its value is ours as measured, or over the median of another.
 *
 * @param title what it is, for who reads the results
 * @param bound to be kept, from above or from below
 * @param atMost whether the bound is an upper one
 * @param ours whose figures are judged
 * @param others over whose median they are taken; none if they are ratios or quantities already
 */
public record Goal(
    String title, double bound, boolean atMost, Source ours, Optional<Source> others) {

  /** Where a figure stands. */
  public record Source(String row, String program, String measure) {
    /** The same of another program. */
    public Source of(String other) {
      return new Source(row, other, measure);
    }
  }

  public static Goal atMost(double bound, String title, Source ours) {
    return new Goal(title, bound, true, ours, Optional.empty());
  }

  /** At most so many times the other's. */
  public static Goal atMost(double bound, String title, Source ours, Source others) {
    return new Goal(title, bound, true, ours, Optional.of(others));
  }

  /** The other's is at least so many times ours. */
  public static Goal timesBetter(double bound, String title, Source ours, Source others) {
    return new Goal(title, bound, false, ours, Optional.of(others));
  }

  Optional<Spread> value(Figures figures) {
    var values = figures.values(ours.row(), ours.program(), ours.measure());
    var reference = others.flatMap(o -> figures.median(o.row(), o.program(), o.measure()));
    if (values.isEmpty() || others.isPresent() && reference.isEmpty()) {
      return Optional.empty();
    }
    double base = reference.orElse(1.0);
    return Optional.of(
        Spread.of(values.stream().map(value -> atMost ? value / base : base / value).toList()));
  }

  boolean reached(Spread value) {
    return atMost ? value.median() <= bound : value.median() >= bound;
  }
}

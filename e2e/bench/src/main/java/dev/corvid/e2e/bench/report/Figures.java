package dev.corvid.e2e.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All figures of a run, in the order in which they came. */
public final class Figures {
  private final List<Figure> all = new ArrayList<>();

  public void add(Figure figure) {
    all.add(figure);
  }

  public List<Figure> all() {
    return List.copyOf(all);
  }

  public boolean has(String row) {
    return all.stream().anyMatch(figure -> figure.row().equals(row));
  }

  List<Double> values(String row, String program, String measure) {
    return all.stream()
        .filter(figure -> figure.row().equals(row) && figure.program().equals(program))
        .filter(figure -> figure.measure().equals(measure))
        .map(Figure::value)
        .toList();
  }

  public Optional<Spread> spread(String row, String program, String measure) {
    var values = values(row, program, measure);
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  public Optional<Double> median(String row, String program, String measure) {
    return spread(row, program, measure).map(Spread::median);
  }

  List<String> programs(String row) {
    return distinct(row, Figure::program);
  }

  List<String> measures(String row) {
    return distinct(row, Figure::measure);
  }

  private List<String> distinct(String row, Function<Figure, String> what) {
    return all.stream().filter(figure -> figure.row().equals(row)).map(what).distinct().toList();
  }
}

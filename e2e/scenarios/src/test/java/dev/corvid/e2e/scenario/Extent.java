package dev.corvid.e2e.scenario;

import java.util.List;

/**
 * How often a scenario repeats what it does: {@code make test} as often as shows a fault, {@code
 * make measure} ({@code -Dscenarios.full=true}) for all of it and the figures.
 */
public final class Extent {
  private static final boolean FULL = Boolean.getBoolean("scenarios.full");

  private Extent() {}

  public static boolean isFull() {
    return FULL;
  }

  public static int of(int some, int all) {
    return FULL ? all : some;
  }

  /** All of them, or the first. */
  public static <T> List<T> of(List<T> all) {
    return FULL ? all : all.subList(0, 1);
  }
}

package dev.corvid.fuzz;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random cases that must all hold, seeded by the properties of {@link HostileBytes}: a failure says
 * how to repeat its case alone.
 */
public final class RandomCases {
  /** One case, made of nothing but the random numbers. */
  @FunctionalInterface
  public interface Case {
    void run(RandomGenerator random) throws Exception;
  }

  private RandomCases() {}

  public static void run(int cases, Case test) {
    if (HostileBytes.ONLY >= 0) {
      runOne(HostileBytes.ONLY, test);
      return;
    }
    for (var number = 0; number < cases * HostileBytes.TIMES; number++) {
      runOne(number, test);
    }
  }

  private static void runOne(int number, Case test) {
    try {
      test.run(new SplittableRandom(HostileBytes.SEED * 1_000_003 + number));
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "%s%nRepeat it: -Dcorvid.fuzz.seed=%d -Dcorvid.fuzz.case=%d"
              .formatted(e, HostileBytes.SEED, number),
          e);
    }
  }
}

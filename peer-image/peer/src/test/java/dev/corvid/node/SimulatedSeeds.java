package dev.corvid.node;

import java.util.List;

/**
 * Which seeds simulations run with: {@code -Dcorvid.simulation.seeds=5000} as many, {@code
 * -Dcorvid.simulation.seed=7} from that one on.
 */
public final class SimulatedSeeds {
  public static final int COUNT = Integer.getInteger("corvid.simulation.seeds", 25);
  public static final long FIRST = Long.getLong("corvid.simulation.seed", 1);

  private static final int SHOWN = 60;

  private SimulatedSeeds() {}

  /** Names the seed, and what happened last. */
  public static AssertionError failed(long seed, List<String> trace, Throwable cause) {
    return new AssertionError(
        "seed %d; repeat it: -Dcorvid.simulation.seed=%d -Dcorvid.simulation.seeds=1%n%s"
            .formatted(
                seed,
                seed,
                String.join("\n", trace.subList(Math.max(0, trace.size() - SHOWN), trace.size()))),
        cause);
  }
}

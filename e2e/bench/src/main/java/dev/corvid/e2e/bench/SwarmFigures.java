package dev.corvid.e2e.bench;

import dev.corvid.e2e.bench.swarm.Outcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What is written down of a swarm. */
record SwarmFigures(Outcome outcome) {
  static final String OVER_BOUND = "makespan / bound";
  static final String FAST_OVER_BOUND = "last fast peer / its bound";
  static final String SLOW_OVER_BOUND = "last peer / its bound";
  static final String MAKESPAN = "makespan s";
  static final String LAST_FAST = "last fast peer s";
  static final String COPIES_FOR_ONE = "seeder's copies until the peers hold one";
  static final String COPIES = "seeder's copies in all";
  static final String PROCESSOR = "CPU s/GB";
  static final String PEER_MEMORY = "peer RssAnon MiB";
  static final String PADDED = "length with padding / content";
  static final String TRACKER = "tracker KiB per node";
  private static final double MIB = 1 << 20;

  /**
   * @throws IllegalStateException if somebody who should have everything has not
   */
  Map<String, Double> byMeasure() {
    outcome
        .trouble()
        .ifPresent(
            trouble -> {
              throw new IllegalStateException(trouble);
            });
    var figures = new LinkedHashMap<String, Double>();
    putTimes(figures);
    put(figures, COPIES_FOR_ONE, outcome.copiesForOne());
    figures.put(COPIES, outcome.copies());
    figures.put(PROCESSOR, outcome.processorPerGigabyte());
    figures.put("with start CPU s/GB", outcome.processorPerGigabyteWithStart());
    figures.put(PEER_MEMORY, outcome.peerAnonymousBytes() / MIB);
    figures.put("seeder RssAnon MiB", outcome.seederAnonymousBytes() / MIB);
    outcome
        .overhead()
        .ifPresent(
            overhead -> {
              figures.put(PADDED, (double) overhead.torrentBytes() / outcome.bytes());
              double nodes = outcome.peers().size() + 1;
              overhead
                  .trackerBytes()
                  .ifPresent(bytes -> figures.put(TRACKER, bytes / nodes / 1024));
            });
    figures.put("machine busy %", 100 * outcome.busy());
    return figures;
  }

  private void putTimes(Map<String, Double> figures) {
    double slowest =
        outcome.peers().stream()
            .min(Comparator.comparingDouble(Outcome.PeerOutcome::share))
            .orElseThrow()
            .share();
    double makespan = outcome.makespan().orElseThrow();
    double bound = outcome.boundSeconds();
    if (slowest < 1) {
      double fast = outcome.lastFast().orElseThrow();
      figures.put(FAST_OVER_BOUND, fast / bound);
      figures.put(SLOW_OVER_BOUND, makespan * slowest / bound);
      figures.put(LAST_FAST, fast);
    } else {
      figures.put(OVER_BOUND, makespan / bound);
    }
    figures.put(MAKESPAN, makespan);
    figures.put("bound s", bound);
    if (outcome.lineSeconds() > 0 && !Double.isInfinite(outcome.lineSeconds())) {
      figures.put("at line rate s", outcome.lineSeconds());
    }
  }

  private static void put(Map<String, Double> figures, String measure, OptionalDouble value) {
    value.ifPresent(present -> figures.put(measure, present));
  }
}

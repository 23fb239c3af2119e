package dev.corvid.e2e.scenario.soak;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.PodProcess;
import dev.corvid.e2e.scenario.ProcessUse;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.scenario.hostile.RandomAttacks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Everything at once, for minutes: {@code make soak} for thirty of them, or {@code -Dsoak.minutes=…
 * -Dsoak.seed=… -Dsoak.hostile=true}. In the first third any program may be killed; those that must
 * not leak live through the rest.
 */
@Scenario(megabits = 100)
@Tag("figure")
class SoakScenario {
  private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 5));
  private static final boolean HOSTILE = Boolean.getBoolean("soak.hostile");
  private static final long SEED = Long.getLong("soak.seed", System.nanoTime() & 0xffff);

  /**
   * No churn makes a program that leaks nothing hold so much more than it did at rest before. Of
   * memory it is much: Java takes what its heap may grow to before it tidies up.
   */
  private static final ProcessUse.Slack SLACK = new ProcessUse.Slack(96 << 10, 8, 16, 16);

  private final Lab lab;
  private final RandomAttacks attacks;
  private final Churn churn;

  SoakScenario(Tenant tenant) throws IOException {
    this.lab = tenant.lab();
    var random = new SplittableRandom(SEED);
    this.attacks = HOSTILE ? new RandomAttacks(tenant, random.split()) : null;
    this.churn = new Churn(tenant, random, attacks);
  }

  @AfterAll
  void leave() {
    if (attacks != null) {
      attacks.close();
    }
  }

  @Test
  void nothingIsLostAndNothingLeaks() throws Exception {
    var lines = new ArrayList<String>();
    lines.add("seed " + SEED);
    try (var invariants = churn.watch()) {
      churn.go(TIME.dividedBy(3), List.of("node2", "node3"), Churn.Act.ANY);
      lines.add("converged after " + settle());
      var troubled = Peers.of(lab).nodeOfPeersOnly();
      var before = useBut(troubled);

      churn.go(TIME.multipliedBy(2).dividedBy(3), List.of(troubled), Churn.Act.SPARING);
      lines.add("converged after " + settle());
      var after = useBut(troubled);

      lines.addAll(churn.report());
      if (attacks != null) {
        lines.add(attacks.report());
      }
      lines.add("invariants were checked %d times".formatted(invariants.looks()));
      after.forEach(
          (who, use) -> lines.add("%s: %s, before %s".formatted(who, use, before.get(who))));
      assertThat(invariants.broken()).as("seed %d", SEED).isEmpty();
      assertThat(after.keySet()).isEqualTo(before.keySet());
      after.forEach(
          (who, use) ->
              assertThat(use.exceeds(before.get(who), SLACK))
                  .as(
                      "seed %d: %s leaks: %s, before %s; threads %s, before %s",
                      SEED, who, use, before.get(who), use.threads(), before.get(who).threads())
                  .isFalse());
    } finally {
      Figures.record(
          "soak of %d minutes%s".formatted(TIME.toMinutes(), HOSTILE ? ", hostile" : ""), lines);
    }
  }

  /** Ends all disturbance, waits until all is as the specs say, and removes it again. */
  private String settle() throws IOException {
    var begin = Instant.now();
    churn.settle();
    var settled = Instant.now();
    churn.deleteAll();
    return seconds(begin, settled) + ", all deleted after " + seconds(settled, Instant.now());
  }

  /** Of the programs on the other nodes; by process, so that none is another. */
  private Map<String, ProcessUse> useBut(String troubled) {
    var use = new TreeMap<String, ProcessUse>();
    for (var component : List.of("peer", "tracker", "operator")) {
      for (var pod : Peers.of(lab).pods(component)) {
        if (!pod.getSpec().getNodeName().equals(troubled)) {
          var process = PodProcess.of(pod);
          use.put(pod.getMetadata().getName() + " " + process.handle().pid(), process.use());
        }
      }
    }
    return use;
  }
}

package dev.corvid.e2e.scenario.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a peer costs that has nothing to do but to seed: {@code make idle}. */
@Scenario
@Tag("figure")
class IdleScenario {
  private static final int RELEASES = 10;
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** What passes, such as a compiler's work, is in one of them; what stays is in each. */
  private static final int WINDOWS = 3;

  private static final double MOST_MIB = 96;
  private static final double MOST_PERCENT = 0.5;

  private final Tenant tenant;

  IdleScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @Test
  void aPeerWithTenSeededReleasesCostsLittle() throws Exception {
    for (int i = 0; i < RELEASES; i++) {
      var content = SampleRelease.of(70 + i, 100, 8 << 20);
      tenant.apply("seeded-" + i, tenant.serve("seeded-" + i + ".tar", content));
    }
    for (int i = 0; i < RELEASES; i++) {
      tenant.awaitReady("seeded-" + i, Duration.ofMinutes(4));
    }
    awaitEndOfSeeders();

    var lines = new ArrayList<String>();
    var least = new TreeMap<String, Double>();
    for (int window = 0; window < WINDOWS && !areIdle(least); window++) {
      var begin = peers();
      Thread.sleep(WINDOW); // what passes within it is what is measured
      var end = peers();
      end.forEach(
          (node, process) -> {
            lines.add(node + ": " + since(begin.get(node), process));
            least.merge(node, process.percentSince(begin.get(node), WINDOW), Math::min);
            assertThat(process.anonymousMib()).as(node).isLessThanOrEqualTo(MOST_MIB);
          });
    }
    Figures.record("idle peer with ten seeded releases", lines);
    assertThat(least).matches(IdleScenario::areIdle, "at most " + MOST_PERCENT + " % of a core");
  }

  private static boolean areIdle(Map<String, Double> percents) {
    return !percents.isEmpty()
        && percents.values().stream().allMatch(percent -> percent <= MOST_PERCENT);
  }

  private static String since(ProcessCost begin, ProcessCost end) {
    return "%.1f MiB RssAnon, %.2f %% of a core over %d s"
        .formatted(end.anonymousMib(), end.percentSince(begin, WINDOW), WINDOW.toSeconds());
  }

  private Map<String, ProcessCost> peers() {
    var costs = new TreeMap<String, ProcessCost>();
    for (var pod : Peers.of(tenant.lab()).pods("peer")) {
      costs.put(pod.getSpec().getNodeName(), ProcessCost.of(tenant.lab(), pod));
    }
    return costs;
  }

  private void awaitEndOfSeeders() {
    tenant
        .lab()
        .client()
        .pods()
        .inNamespace(tenant.namespace())
        .informOnCondition(List::isEmpty)
        .orTimeout(90, java.util.concurrent.TimeUnit.SECONDS)
        .join();
  }
}

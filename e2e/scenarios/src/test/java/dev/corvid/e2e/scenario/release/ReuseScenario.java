package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.release.PeerFigures;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Of a revision that differs little from the one before, nodes fetch little. */
@Scenario
class ReuseScenario {
  private static final int ONE_OF = 20; // five percent
  private static final double MOST_PERCENT = 7;

  private final Tenant tenant;
  private final Peers peers;

  ReuseScenario(Tenant tenant) {
    this.tenant = tenant;
    this.peers = Peers.of(tenant.lab());
  }

  @Test
  void oneOfTwentyFilesIsAnother() throws Exception {
    var before = SampleRelease.even(90, 400, 100_000);

    update("files", before, before.withFilesChanged(ONE_OF, 91));
  }

  @Test
  void oneLargeFileIsOverwrittenInTheMiddle() throws Exception {
    var before = SampleRelease.even(92, 1, 128 << 20);

    update("large", before, before.withMiddlesOverwritten(ONE_OF, 93));
  }

  private void update(String name, SampleRelease before, SampleRelease after) throws Exception {
    tenant.apply(name, tenant.serve(name + "-1.tar", before));
    tenant.awaitReady(name);
    var earlier = figures();

    tenant.apply(name, tenant.serve(name + "-2.tar", after));
    var status = tenant.awaitReady(name).getStatus();

    var fetched = new TreeMap<String, Double>();
    figures()
        .forEach((node, now) -> fetched.put(node, percent(now.since(earlier.get(node)), after)));
    Figures.record(
        "five percent changed: " + name,
        List.of("percent of the bytes fetched: " + fetched, "reused " + reused(status)));
    tenant.assertEverywhere(name, after);
    assertThat(fetched.values()).allSatisfy(each -> assertThat(each).isBetween(4.0, MOST_PERCENT));
  }

  private static String reused(dev.corvid.api.v1alpha1.SwarmReleaseStatus status) {
    return "%d MiB, says the status".formatted(status.progress().reusedBytes() >> 20);
  }

  private static double percent(PeerFigures figures, SampleRelease content) {
    return Math.round(figures.received() * 1000.0 / content.sizeBytes()) / 10.0;
  }

  private Map<String, PeerFigures> figures() {
    var figures = new TreeMap<String, PeerFigures>();
    Lab.NODES.forEach(node -> figures.put(node, peers.figures(node)));
    return figures;
  }
}

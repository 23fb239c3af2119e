package dev.corvid.e2e.scenario.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.cluster.AuditLog;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the chart grants, refuses, and leaves behind. */
@Scenario
class ChartScenario {
  private final Tenant tenant;
  private final Lab lab;

  ChartScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void noCallOfTheOperatorLacksARight() throws Exception {
    tenant.apply("rights", tenant.serve("rights.tar", SampleRelease.of(40, 10, 1 << 20)));
    tenant.awaitReady("rights");
    tenant.delete("rights");

    var calls = lab.cluster().auditLog().callsOf(Lab.OPERATOR, Instant.EPOCH);
    assertThat(calls).anyMatch(AuditLog.Call::authorized);
    assertThat(calls.stream().filter(call -> !call.authorized())).isEmpty();
  }

  @Test
  void uninstallingKeepsTheContentAndHoldsNothingUp() throws Exception {
    tenant.apply("kept", tenant.serve("kept.tar", SampleRelease.of(41, 10, 1 << 20)));
    tenant.awaitReady("kept");
    var chart = new Chart(lab.cluster().kubeconfig(), Lab.SYSTEM);
    try {
      chart.uninstall();

      assertThat(tenant.release("kept").get().getMetadata().getFinalizers()).isEmpty();
      tenant.delete("kept");
      assertThat(Lab.NODES)
          .allSatisfy(node -> assertThat(tenant.folder(node, "kept").resolve("current")).exists());
    } finally {
      lab.installChart();
    }
  }

  @Test
  void installedAgainTheOperatorFindsWhatIsThere() throws Exception {
    var url = tenant.serve("found.tar", SampleRelease.of(42, 10, 1 << 20));
    tenant.apply("found", url);
    var before = tenant.awaitReady("found").getStatus().currentRevision();
    int requests = lab.source().requests(url.getPath()).size();

    new Chart(lab.cluster().kubeconfig(), Lab.SYSTEM).uninstall();
    lab.installChart();

    var after = tenant.awaitReady("found").getStatus().currentRevision();
    assertThat(after).isEqualTo(before);
    assertThat(lab.source().requests(url.getPath())).hasSize(requests);
    for (String node : Lab.NODES) {
      assertThat(Files.readSymbolicLink(tenant.folder(node, "found").resolve("current")))
          .hasFileName(before);
    }
  }
}

package dev.corvid.e2e.scenario.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.attack.HttpPosts;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.scenario.hostile.Attacker;
import dev.corvid.e2e.scenario.hostile.Ports;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The chart's policies, enforced by a program that knows nothing of Corvid. */
@Scenario(megabits = 50)
class NetworkPolicyScenario {
  /** How long a port is tried that must stay closed. */
  private static final int TRIED_SECONDS = 4;

  /** Until a policy that was changed is enforced on a busy machine. */
  private static final int CHANGE_SECONDS = 60;

  private final Tenant tenant;
  private final Lab lab;
  private final Attacker podsElsewhere;
  private final Attacker monitoring;

  NetworkPolicyScenario(Tenant tenant) throws IOException {
    this.tenant = tenant;
    this.lab = tenant.lab();
    this.podsElsewhere = new Attacker(tenant);
    this.monitoring = new Attacker(Tenant.in(lab, Lab.MONITORING));
  }

  @AfterAll
  void leave() {
    monitoring.tenant().leave();
  }

  @Test
  void aPodOfAnotherNamespaceIsLetInNowhere() {
    assertThat(Ports.openOf(podsElsewhere, true, TRIED_SECONDS, Ports.of(lab).all())).isEmpty();
  }

  @Test
  void withoutThePoliciesTheSamePodIsLetInEverywhere() {
    var ports = Ports.of(lab).all();
    try (var _ = lab.withoutPolicies()) {
      assertThat(Ports.openOf(podsElsewhere, true, CHANGE_SECONDS, ports))
          .containsExactlyInAnyOrderElementsOf(ports);
    }
    assertThat(Ports.openOf(podsElsewhere, false, CHANGE_SECONDS, ports)).isEmpty();
  }

  @Test
  void aSeedersLabelOpensTheTrackerAndTheTokenDecides() {
    assertThat(
            Ports.openOf(
                podsElsewhere, true, TRIED_SECONDS, Ports.of(lab).of("peer", 6881), "seeder"))
        .isEmpty();
    assertThat(Ports.openOf(podsElsewhere, true, CHANGE_SECONDS, List.of(Ports.TRACKER), "seeder"))
        .containsExactly(Ports.TRACKER);

    var labels =
        Map.of("app.kubernetes.io/name", "corvid", "app.kubernetes.io/component", "seeder");
    var url = "http://" + Ports.TRACKER + "/v1/seeders/any/report";
    Awaitility.await("an answer")
        .atMost(Duration.ofSeconds(CHANGE_SECONDS))
        .untilAsserted(
            () ->
                assertThat(podsElsewhere.run(labels, HttpPosts.class, "1", url, "", "{}"))
                    .isEqualTo("{401=1}"));
  }

  @Test
  void theMonitoringNamespaceReadsMetricsAndNothingElse() {
    var telemetry = Ports.of(lab).telemetry();

    assertThat(Ports.openOf(monitoring, true, CHANGE_SECONDS, telemetry))
        .containsExactlyInAnyOrderElementsOf(telemetry);
    assertThat(Ports.openOf(monitoring, true, TRIED_SECONDS, Ports.of(lab).data())).isEmpty();
  }

  @Test
  void aReplacedSeederServesPeersThatDialIt() throws Exception {
    var content = SampleRelease.of(300, 20, 40 << 20);
    tenant.apply("replaced", tenant.serve("replaced.tar", content));
    tenant.await(
        "replaced",
        Tenant.SOON,
        "is on its way",
        release -> release.getStatus() != null && release.getStatus().updateRevision() != null);

    tenant.killSeeders();

    tenant.awaitReady("replaced", Tenant.SOON.multipliedBy(2));
    tenant.assertEverywhere("replaced", content);
  }

  @Test
  void theKubeletsProbesAreLetIn() {
    Awaitility.await("every pod is ready")
        .atMost(Duration.ofSeconds(CHANGE_SECONDS))
        .until(
            () ->
                Stream.of("peer", "tracker", "operator")
                    .flatMap(component -> Peers.of(lab).pods(component).stream())
                    .allMatch(Readiness::isPodReady));
  }
}

package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The API server stops answering in mid-transfer, for a minute. */
@Scenario(megabits = 50)
class ApiLossScenario {
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("api.away", 60));
  private static final Duration STATUS_RIGHT = Duration.ofSeconds(60);

  private final Tenant tenant;
  private final Lab lab;

  ApiLossScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void nodesFinishWithoutItAndTheStatusIsRightAMinuteAfterItsReturn() throws Exception {
    var content = SampleRelease.of(85, 30, 40L << 20);
    var placement = Placement.of(tenant, "apart", content);
    tenant.apply("apart", tenant.serve("apart.tar", content));
    placement.awaitFirst(30);

    lab.cluster().freezeApi();
    var frozen = Instant.now();
    Instant active;
    try {
      active = placement.awaitActive(Lab.NODES);
      // What is measured is what comes after as long an absence as this.
      LockSupport.parkNanos(AWAY.minus(Duration.between(frozen, Instant.now())).toNanos());
    } finally {
      lab.cluster().thawApi();
    }
    var thawed = Instant.now();
    tenant.awaitReady("apart", Duration.ofMinutes(3));
    var right = Duration.between(thawed, Instant.now());

    for (var node : Lab.NODES) {
      assertThat(tenant.tree(node, "apart")).as(node).isEqualTo(content.tree());
    }
    Figures.record(
        "API server away for %d s".formatted(AWAY.toSeconds()),
        List.of(
            "active on the last node %s after it went".formatted(seconds(frozen, active)),
            "status right %s after its return".formatted(seconds(right))));
    assertThat(right).isLessThan(STATUS_RIGHT);
  }
}

package dev.corvid.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Any one program is killed in mid-transfer, over links slow enough to hit it: the release
 * completes.
 */
@Scenario
class LossScenario {
  private static final int MEGABITS = 30;
  private static final int SECONDS = 300;
  private static final long BYTES = 40L << 20;

  private final Tenant tenant;
  private final Faults faults;
  private final Peers peers;

  LossScenario(Tenant tenant) {
    this.tenant = tenant;
    this.faults = Faults.of(tenant.lab());
    this.peers = Peers.of(tenant.lab());
  }

  @BeforeAll
  void shapeLinks() {
    tenant.lab().cluster().rate(MEGABITS);
  }

  @AfterAll
  void unshapeLinks() {
    tenant.lab().cluster().rate(0);
  }

  @Test
  void theOperator() throws Exception {
    completesWithoutAnyOneOf("operator", () -> peers.pods("operator").getFirst());
  }

  @Test
  void theTracker() throws Exception {
    completesWithoutAnyOneOf("tracker", () -> peers.pods("tracker").getFirst());
  }

  @Test
  void aPeer() throws Exception {
    completesWithoutAnyOneOf("peer", () -> peers.on("node2"));
  }

  @Test
  void theSeederWhileNodesFetchFromIt() throws Exception {
    completesWithoutAnyOneOf("seeder", () -> seeder("seeder"));
  }

  @Test
  void theSeederWhileItFetchesTheSource() throws Exception {
    var content = SampleRelease.of(55, 30, 8 << 20);
    var url = tenant.serve("early.tar", content);
    tenant.lab().source().rate(1 << 20);
    try {
      tenant.apply("early", url);
      tenant.lab().source().awaitSent(url.getPath(), 3 << 20, Tenant.SOON);
      faults.kill(seeder("early"));
    } finally {
      tenant.lab().source().rate(0);
    }
    tenant.awaitReady("early");
    assertEverywhere("early", content);
  }

  /** Kills it when a third of the release is on a node that does not have all of it yet. */
  private void completesWithoutAnyOneOf(String name, Supplier<Pod> victim) throws Exception {
    var content = SampleRelease.of(50 + name.length(), 30, BYTES);
    var url = tenant.serve(name + ".tar", content);
    var killed = new AtomicBoolean();
    try (var watch =
        new ReleaseWatch(
            tenant.lab().client(), Lab.SYSTEM, tenant.namespace(), name, new Timeline())) {
      tenant.apply(name, url);
      watch.untilReady(
          SECONDS,
          () -> {
            if (Lab.NODES.stream().mapToInt(watch::percent).anyMatch(p -> p >= 33 && p < 100)
                && killed.compareAndSet(false, true)) {
              faults.kill(victim.get());
            }
          });
    }
    assertThat(killed).as("it was hit in mid-transfer").isTrue();
    assertEverywhere(name, content);
  }

  private Pod seeder(String release) {
    return tenant
        .lab()
        .client()
        .pods()
        .inNamespace(tenant.namespace())
        .withLabel("corvid.dev/release", release)
        .list()
        .getItems()
        .getFirst();
  }

  private void assertEverywhere(String name, SampleRelease content) throws Exception {
    for (var node : Lab.NODES) {
      assertThat(tenant.tree(node, name)).as(node).isEqualTo(content.tree());
    }
  }
}

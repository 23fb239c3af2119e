package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
import dev.corvid.e2e.release.Timeline.Moment;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The main job: one apply, and every node has the same. */
@Scenario
class DistributionScenario {
  private static final int FILES = 320;
  private static final long BYTES = 200L << 20;

  private final Tenant tenant;

  DistributionScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @Test
  void everyNodeHasTheSameBytesModesAndLinks() throws Exception {
    var content = SampleRelease.of(1, FILES, BYTES);
    var url = tenant.serve("large.tar", content);
    var timeline = new Timeline();
    try (var watch =
        new ReleaseWatch(
            tenant.lab().client(), Lab.SYSTEM, tenant.namespace(), "large", timeline)) {
      timeline.saw(Moment.APPLIED, Instant.now());
      tenant.apply("large", url);
      watch.untilReady(180, () -> {});
    }
    tenant
        .lab()
        .source()
        .firstByte(tenant.path("large.tar"))
        .ifPresent(time -> timeline.saw(Moment.SOURCE, time));
    Figures.record("time line of 200 MiB on three nodes", timeline.lines());

    for (var node : Lab.NODES) {
      assertThat(tenant.tree(node, "large")).as(node).isEqualTo(content.tree());
    }
    assertThat(tenant.lab().source().requests(tenant.path("large.tar")))
        .as("the source is read once, if in ranges")
        .filteredOn(request -> request.method().equals("GET") && request.header("range") == null)
        .hasSize(1);
    assertEachLineOfLogsIsJson();
  }

  /**
   * The first ones too, which are Java's own if it has something to say. Of a node that another
   * scenario took away, the pod may still be there: nothing serves its log.
   */
  private void assertEachLineOfLogsIsJson() {
    var client = tenant.lab().client();
    var pods =
        client
            .pods()
            .inNamespace(Lab.SYSTEM)
            .withLabel("app.kubernetes.io/name", "corvid")
            .list()
            .getItems()
            .stream()
            .filter(pod -> Lab.NODES.contains(pod.getSpec().getNodeName()))
            .toList();
    assertThat(pods)
        .extracting(pod -> pod.getMetadata().getLabels().get("app.kubernetes.io/component"))
        .contains("operator", "tracker", "peer");
    assertThat(pods)
        .allSatisfy(
            pod ->
                assertThat(client.pods().resource(pod).getLog().lines())
                    .as(pod.getMetadata().getName())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith("{\"time\":").endsWith("}")));
  }
}

package dev.corvid.e2e.scenario.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.cluster.AuditLog.Call;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import dev.corvid.e2e.source.SourceServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A release costs the API server a handful of writes, whatever its size and the number of nodes.
 */
@Scenario
class CostScenario {
  private static final int MOST_WRITES = 30;

  /** Each ten seconds of a fetch written by itself would be more. */
  private static final int MOST_WRITES_WHEN_SLOW = 20;

  private static final String PEER = "system:serviceaccount:" + Lab.SYSTEM + ":corvid-peer";
  private static final Duration SLOW = Duration.ofMinutes(2);

  private final Tenant tenant;

  CostScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "100, 1", "100, 3"})
  void aReleaseCostsAtMostThirtyWrites(int mebibytes, int nodes) throws Exception {
    var name = "cost-%dmi-%dn".formatted(mebibytes, nodes);
    var content = SampleRelease.of(60 + mebibytes + nodes, 30, (long) mebibytes << 20);
    var url = tenant.serve(name + ".tar", content);
    var selector = nodes == 1 ? "{matchLabels: {kubernetes.io/hostname: node1}}" : "{}";
    var start = Instant.now();

    tenant.apply(
        name, "source: {http: {url: \"%s\"}}\nnodes: {selector: %s}\n".formatted(url, selector));
    tenant.awaitReady(name, Duration.ofMinutes(3));

    assertFewWrites(name, start);
  }

  @Test
  void wavesCostNoMore() throws Exception {
    var url = tenant.serve("cost-waves.tar", SampleRelease.of(71, 30, 5 << 20));
    var start = Instant.now();

    tenant.apply(
        "cost-waves",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        rollout:
          waves:
            - {upTo: 1, pause: {duration: 2s}}
            - {upTo: 40%%, pause: {duration: 2s}}
            - {upTo: 70%%, pause: {duration: 2s}}
            - {upTo: 100%%}
        """
            .formatted(url));
    tenant.awaitReady("cost-waves");

    assertFewWrites("cost-waves", start);
  }

  @Test
  @Tag("figure")
  void aSourceOfTwoMinutesCostsNoMore() throws Exception {
    var content = SampleRelease.of(70, 30, 3 << 20);
    var archive = content.archive(tenant.lab().archives().resolve("cost-slow.tar"));
    var address = new InetSocketAddress(tenant.lab().cluster().machineAddress(), 0);
    try (var slow = SourceServer.start(address)) {
      slow.rate(Files.size(archive) / SLOW.toSeconds());
      var start = Instant.now();
      tenant.apply("slow", slow.on("/slow.tar", new Answer.Content(archive)));
      tenant.awaitReady("slow", SLOW.plusMinutes(2));
      assertFewWrites("slow", start, MOST_WRITES_WHEN_SLOW);
    }
  }

  private void assertFewWrites(String name, Instant start) throws Exception {
    assertFewWrites(name, start, MOST_WRITES);
  }

  private void assertFewWrites(String name, Instant start, int most) throws Exception {
    var writes = writes(name, start);
    Figures.record(
        "API writes of " + name,
        List.of(writes.size() + " writes by the operator", String.join("\n  ", lines(writes))));
    assertThat(writes).as("writes by the operator").hasSizeLessThanOrEqualTo(most);
    assertThat(tenant.lab().cluster().auditLog().writesOf(PEER, start))
        .as("peers have no business with the API server")
        .isEmpty();
  }

  /**
   * Those that are this release's: its own objects, and the volume that has its uid in the name.
   */
  private List<Call> writes(String release, Instant start) {
    var uid = tenant.release(release).get().getMetadata().getUid();
    return tenant.lab().cluster().auditLog().writesOf(Lab.OPERATOR, start).stream()
        .filter(
            call ->
                call.name().contains(uid)
                    || call.namespace().equals(tenant.namespace())
                        && (call.name().isEmpty() || call.name().startsWith(release)))
        .toList();
  }

  private static List<String> lines(List<Call> writes) {
    return writes.stream().map(Call::toString).distinct().toList();
  }
}

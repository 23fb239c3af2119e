package dev.corvid.e2e.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node in other hands, with its peer's token: {@code make hostile}. Whoever has that token sees
 * the content that is meant for the node; what it must not do is decide for other nodes.
 */
@Scenario
@EnabledIfSystemProperty(named = "hostile", matches = "true")
class HostileNodeScenario {
  private static final String HELD = "held";
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int REPORTS = 10_000;

  private final Lab lab;
  private final Victims victims;
  private final StolenNode stolen;
  private final AttackReport report = new AttackReport("node");
  private int revisions;

  HostileNodeScenario(Tenant tenant) {
    this.lab = tenant.lab();
    this.victims = new Victims(tenant);
    this.stolen = new StolenNode(lab, "node3");
  }

  @BeforeAll
  void release() throws Exception {
    apply();
  }

  @AfterAll
  void record() throws IOException {
    report.record();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE - 1, (1L << 53) - 1, 4_000_000_000_000L})
  void aReportFromTheFarFutureFreezesNothing(long epoch) throws Exception {
    var answer = stolen.poll("node3", stolen.address(), List.of(report(HELD, epoch)));

    var cost = apply();
    cost += ", and again " + apply();

    report.add(
        "a report of epoch " + epoch, "the tracker answers " + StolenNode.status(answer), cost);
  }

  /** A new revision on every node. */
  private String apply() throws Exception {
    var tenant = victims.tenant();
    var content = SampleRelease.of(9_950 + revisions, 12, 2 << 20);
    var url = tenant.serve("held-" + revisions++ + ".tar", content);
    var begin = Instant.now();
    tenant.apply(HELD, url);
    tenant.awaitReady(HELD, LIMIT);
    tenant.assertEverywhere(HELD, content);
    return "Ready after " + Figures.seconds(begin, Instant.now());
  }

  @Test
  void nobodyReportsForAnotherNode() {
    var answer = stolen.poll("node1", stolen.address(), List.of(report(HELD, 1)));

    report.add(
        "a report for another node", "the tracker answers " + StolenNode.status(answer), "-");
    assertThat(StolenNode.status(answer)).isEqualTo("403");
  }

  @Test
  void nobodyIsSentToAnAddressOfItsChoice() throws Exception {
    var got = new ArrayList<String>();
    for (var address : List.of("169.254.169.254", "127.0.0.1", "224.0.0.1", "203.0.113.7")) {
      got.add(StolenNode.status(stolen.poll("node3", address, List.of(report(HELD, 1)))));
      var seen = new StolenNode(lab, "node1").poll("node1", "", List.of());
      assertThat(seen).doesNotContain(address + ":");
    }
    var outcome = victims.during(() -> () -> "the tracker answers " + got);

    report.add("four addresses of others as its own", outcome);
  }

  @Test
  void reportsOfThousandsOfInventedReleases() throws Exception {
    var reports =
        IntStream.range(0, REPORTS)
            .mapToObj(i -> StolenNode.report("uid-" + i, "invented", "r" + i, 1))
            .toList();
    var outcome =
        victims.during(
            () -> {
              var answer = stolen.poll("node3", stolen.address(), reports);
              return () -> "the tracker answers " + StolenNode.status(answer);
            });

    report.add(REPORTS + " reports of releases that nobody made", outcome);
    assertThat(outcome.restarted()).isEmpty();
  }

  private String report(String name, long epoch) {
    var metadata = victims.tenant().release(name).get().getMetadata();
    return StolenNode.report(metadata.getUid(), metadata.getNamespace(), name, epoch);
  }
}

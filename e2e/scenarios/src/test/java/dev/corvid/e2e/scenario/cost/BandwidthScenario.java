package dev.corvid.e2e.scenario.cost;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An edit of spec.bandwidth is followed by all nodes while they download. */
@Scenario
@Tag("figure")
class BandwidthScenario {
  private static final int MIB = 1 << 20;
  private static final int LOW = MIB;
  private static final int HIGH = 4 * MIB;

  /** Over which a rate is taken. */
  private static final Duration WINDOW = Duration.ofSeconds(1);

  /** On a machine that is busy with the whole cluster. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Tenant tenant;

  BandwidthScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  private record Sample(Instant before, long bytes, Instant after) {}

  @Test
  void anotherLimitIsInForceOnEveryNodeWithinSeconds() throws Exception {
    var content = SampleRelease.of(170, 20, 96L * MIB);
    var placement = Placement.of(tenant, "limited", content);
    var spec =
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        """
            .formatted(tenant.serve("limited.tar", content));
    tenant.apply("limited", limited(spec, LOW));
    for (var node : Lab.NODES) {
      placement.awaitPercent(node, 2);
    }

    var lines = new ArrayList<String>();
    var raised = change(limited(spec, HIGH), rate -> rate > 0.75 * HIGH);
    raised.forEach(
        (node, time) -> lines.add("raised on %s after %s".formatted(node, seconds(time))));
    var lowered = change(limited(spec, LOW), rate -> rate < 1.25 * LOW);
    lowered.forEach(
        (node, time) -> lines.add("lowered on %s after %s".formatted(node, seconds(time))));
    Figures.record("another bandwidth in mid transfer", lines);

    assertThat(raised.values()).allSatisfy(time -> assertThat(time).isLessThan(BOUND));
    assertThat(lowered.values()).allSatisfy(time -> assertThat(time).isLessThan(BOUND));
    tenant.apply("limited", spec);
    tenant.awaitReady("limited", Duration.ofMinutes(3));
    tenant.assertEverywhere("limited", content);
  }

  private static String limited(String spec, int bytesPerSecond) {
    return spec + "bandwidth: {nodeDownload: %d}\n".formatted(bytesPerSecond);
  }

  /** How long after the edit each node's rate begins to be as it should. */
  private Map<String, Duration> change(String spec, DoublePredicate follows) {
    var peers = Peers.of(tenant.lab());
    tenant.apply("limited", spec);
    var edited = Instant.now();
    var times = new TreeMap<String, CompletableFuture<Duration>>();
    for (var node : Lab.NODES) {
      times.put(
          node,
          CompletableFuture.supplyAsync(
              () -> Duration.between(edited, follow(peers, node, edited, follows)),
              Thread::startVirtualThread));
    }
    var followed = new TreeMap<String, Duration>();
    times.forEach((node, time) -> followed.put(node, time.join()));
    return followed;
  }

  /** When the first window begins in which the node's own count is at such a rate. */
  private static Instant follow(Peers peers, String node, Instant edited, DoublePredicate follows) {
    Deque<Sample> samples = new ArrayDeque<>();
    while (Duration.between(edited, Instant.now()).compareTo(BOUND.multipliedBy(3)) < 0) {
      var before = Instant.now();
      var now = new Sample(before, peers.figures(node).received(), Instant.now());
      samples.add(now);
      Sample first = null;
      while (Duration.between(samples.getFirst().after(), now.before()).compareTo(WINDOW) >= 0) {
        first = samples.removeFirst();
      }
      if (first != null) {
        var took = Duration.between(first.after(), now.before()).toNanos() * 1e-9;
        if (follows.test((now.bytes() - first.bytes()) / took)) {
          return first.before();
        }
      }
    }
    return Instant.now();
  }
}

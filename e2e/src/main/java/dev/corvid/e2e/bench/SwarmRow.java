package dev.corvid.e2e.bench;

import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.report.Progress;
import dev.corvid.e2e.bench.swarm.Content;
import dev.corvid.e2e.bench.swarm.Goodput;
import dev.corvid.e2e.bench.swarm.Outcome;
import dev.corvid.e2e.bench.swarm.SwarmPlan;
import dev.corvid.e2e.bench.swarm.SwarmRun;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A swarm that each client makes in turn on the same links. */
record SwarmRow(SwarmPlan plan, String title, long bytes, List<Client> clients) implements Row {
  static final String OVER_BOUND = "makespan / bound";
  static final String FAST_OVER_BOUND = "last fast peer / its bound";
  static final String SLOW_OVER_BOUND = "last peer / its bound";
  static final String COPIES_FOR_ONE = "seeder's copies until the peers hold one";
  static final String COPIES = "seeder's copies in all";
  static final String PEER_MEMORY = "peer RssAnon MiB";
  private static final double PATIENCE = 5;
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return plan.row();
  }

  @Override
  public Stage open(Bench.Ground ground) throws IOException {
    var content = Content.of(ground.work().resolve("content"), bytes);
    var network = Network.of(plan.links());
    try {
      var goodput = Goodput.measure(network, ground.tools(), content, ground.work());
      return new Swarms(ground, content, network, goodput);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private final class Swarms implements Stage {
    private final Bench.Ground ground;
    private final Content content;
    private final Network network;
    private final Goodput goodput;

    Swarms(Bench.Ground ground, Content content, Network network, Goodput goodput) {
      this.ground = ground;
      this.content = content;
      this.network = network;
      this.goodput = goodput;
    }

    @Override
    public Map<String, Act> acts() {
      var acts = new LinkedHashMap<String, Act>();
      clients.forEach(client -> acts.put(client.name(), repeat -> play(client, repeat)));
      return acts;
    }

    private Map<String, Double> play(Client client, int repeat) throws Exception {
      var work = ground.work().resolve("swarm");
      Files.createDirectories(work);
      var setting = new SwarmRun.Setting(network, ground.corvid(), goodput, work);
      try (var run = new SwarmRun(plan, client, content, setting)) {
        var outcome = run.play(repeat, patience());
        run.verify(outcome);
        ground.progress().add(progress(outcome));
        return figures(outcome);
      } finally {
        Folders.delete(work);
      }
    }

    private Duration patience() {
      double slowest = plan.links().stream().mapToInt(Link::megabits).min().orElseThrow();
      double fastest = plan.links().stream().mapToInt(Link::megabits).max().orElseThrow();
      double bound = content.bytes() / goodput.bytesPerSecond() * fastest / Math.max(1, slowest);
      var patience = plan.joining().plusMillis((long) (PATIENCE * bound * 1000));
      return patience.compareTo(LEAST_PATIENCE) > 0 ? patience : LEAST_PATIENCE;
    }

    @Override
    public void close() {
      network.close();
    }
  }

  private static Map<String, Double> figures(Outcome outcome) {
    outcome
        .trouble()
        .ifPresent(
            trouble -> {
              throw new IllegalStateException(trouble);
            });
    var figures = new LinkedHashMap<String, Double>();
    double slowest =
        outcome.peers().stream()
            .min(Comparator.comparingDouble(Outcome.PeerOutcome::share))
            .orElseThrow()
            .share();
    double makespan = outcome.makespan().orElseThrow();
    if (slowest < 1) {
      figures.put(FAST_OVER_BOUND, outcome.lastFast().orElseThrow() / outcome.boundSeconds());
      figures.put(SLOW_OVER_BOUND, makespan * slowest / outcome.boundSeconds());
    } else {
      figures.put(OVER_BOUND, makespan / outcome.boundSeconds());
    }
    figures.put("makespan s", makespan);
    figures.put("bound s", outcome.boundSeconds());
    if (outcome.lineSeconds() > 0 && !Double.isInfinite(outcome.lineSeconds())) {
      figures.put("at line rate s", outcome.lineSeconds());
    }
    put(figures, COPIES_FOR_ONE, outcome.copiesForOne());
    figures.put(COPIES, outcome.copies());
    figures.put("CPU s/GB", outcome.processorPerGigabyte());
    figures.put("with start CPU s/GB", outcome.processorPerGigabyteWithStart());
    figures.put(PEER_MEMORY, outcome.peerAnonymousBytes() / (double) (1 << 20));
    figures.put("seeder RssAnon MiB", outcome.seederAnonymousBytes() / (double) (1 << 20));
    figures.put("machine busy %", 100 * outcome.busy());
    return figures;
  }

  private static void put(Map<String, Double> figures, String measure, OptionalDouble value) {
    value.ifPresent(present -> figures.put(measure, present));
  }

  private static Progress progress(Outcome outcome) {
    return new Progress(
        outcome.row(),
        outcome.program(),
        outcome.repeat(),
        outcome.bytes(),
        outcome.boundSeconds(),
        outcome.peers().stream()
            .map(
                peer ->
                    peer.progress().stream()
                        .map(point -> new Progress.Point(point.seconds(), point.bytes()))
                        .toList())
            .toList());
  }
}

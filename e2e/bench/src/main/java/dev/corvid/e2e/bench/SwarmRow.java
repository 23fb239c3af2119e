package dev.corvid.e2e.bench;

import dev.corvid.e2e.Folders;
import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.report.Progress;
import dev.corvid.e2e.bench.swarm.Content;
import dev.corvid.e2e.bench.swarm.Contestant;
import dev.corvid.e2e.bench.swarm.Goodput;
import dev.corvid.e2e.bench.swarm.Outcome;
import dev.corvid.e2e.bench.swarm.Setting;
import dev.corvid.e2e.bench.swarm.SwarmPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each contestant does in turn with the same content on the same links. */
record SwarmRow(
    SwarmPlan plan, String title, Ware ware, Disk disk, List<Contestant> contestants, int others)
    implements Row {
  private static final double PATIENCE = 5;
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(60);

  /** Makes the content, or finds it made. */
  @FunctionalInterface
  interface Ware {
    Content in(Path folder) throws IOException;
  }

  /** Where downloads go. */
  enum Disk {
    MEMORY,
    REAL
  }

  /** In memory, all contestants as often as is asked for. */
  SwarmRow(SwarmPlan plan, String title, Ware ware, List<Contestant> contestants) {
    this(plan, title, ware, Disk.MEMORY, contestants, Integer.MAX_VALUE);
  }

  /** On a real disk. */
  SwarmRow onDisk() {
    return new SwarmRow(plan, title, ware, Disk.REAL, contestants, others);
  }

  /** All but the first contestant's program this often at most: slow ones, with steady figures. */
  SwarmRow othersAtMost(int repeats) {
    return new SwarmRow(plan, title, ware, disk, contestants, repeats);
  }

  @Override
  public String name() {
    return plan.row();
  }

  @Override
  public int most(String program) {
    return program.startsWith(contestants.getFirst().name()) ? Integer.MAX_VALUE : others;
  }

  @Override
  public Stage open(Bench.Ground ground) throws Exception {
    var content = ware.in(ground.memory().resolve("content"));
    var network = Network.of(plan.links());
    try {
      var measuring = Content.of(ground.memory().resolve("content"), measured());
      var goodput = Goodput.measure(network, ground.tools(), measuring, ground.memory());
      plan.impairment().start(network);
      return new Swarms(ground, content, network, goodput);
    } catch (Exception e) {
      network.close();
      throw e;
    }
  }

  /** A few seconds of the first link, or much where it has no limit. */
  private long measured() {
    var link = plan.links().getFirst();
    return link.shaped() ? Math.max(1, link.megabits() * 3 / 8) * (1L << 20) : 1L << 30;
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
      contestants.forEach(one -> acts.put(one.name(), repeat -> play(one, repeat)));
      return acts;
    }

    private Map<String, Double> play(Contestant contestant, int repeat) throws Exception {
      var work = (disk == Disk.REAL ? ground.disk() : ground.memory()).resolve("swarm");
      Files.createDirectories(work);
      try {
        var setting = new Setting(network, ground.corvid(), ground.tools(), goodput, work);
        var outcome = contestant.play(plan, content, setting, repeat, patience());
        ground.progress().add(progress(outcome));
        return new SwarmFigures(outcome).byMeasure();
      } finally {
        Folders.delete(work);
      }
    }

    /** What a single server needs for all of them one after the other, and more. */
    private Duration patience() {
      double slowest = plan.links().stream().mapToInt(Link::megabits).min().orElseThrow();
      double fastest = plan.links().stream().mapToInt(Link::megabits).max().orElseThrow();
      double bound = content.bytes() / goodput.bytesPerSecond() * fastest / Math.max(1, slowest);
      double files = Math.max(PATIENCE, 1.5 * plan.links().size());
      var patience = plan.joining().plusMillis((long) (files * bound * 1000));
      return patience.compareTo(LEAST_PATIENCE) > 0 ? patience : LEAST_PATIENCE;
    }

    @Override
    public void close() {
      network.close();
    }
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

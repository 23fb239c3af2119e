package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.program.Running;
import dev.corvid.e2e.bench.swarm.Outcome.PeerOutcome;
import dev.corvid.e2e.bench.swarm.Outcome.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns what was seen of a swarm into figures. */
record Reckoning(SwarmPlan plan, Content content, Goodput goodput, SwarmWatch watch) {

  Outcome outcome(
      String program,
      int repeat,
      List<Running> seeders,
      List<Running> peers,
      Optional<String> trouble,
      Optional<Overhead> overhead) {
    var reckoned = new ArrayList<PeerOutcome>();
    for (int peer = 0; peer < peers.size(); peer++) {
      reckoned.add(peer(peer, peers.get(peer)));
    }
    double wirePerCopy = content.bytes() * goodput.wirePerByte();
    var oneCopy = watch.oneCopySeconds();
    var copiesForOne =
        oneCopy.isPresent()
            ? OptionalDouble.of(watch.sentUntilOneCopy() / wirePerCopy)
            : OptionalDouble.empty();
    return new Outcome(
        plan.row(),
        program,
        repeat,
        content.bytes(),
        content.bytes() / goodput.bytesPerSecond(),
        content.bytes() / fastest().bytesPerSecond(),
        reckoned,
        oneCopy,
        copiesForOne,
        watch.sent() / wirePerCopy,
        watch.processor(),
        most(seeders),
        most(peers),
        watch.busy(),
        trouble,
        overhead);
  }

  private static long most(List<Running> programs) {
    return programs.stream().mapToLong(one -> one.cost().anonymousBytes()).max().orElse(0);
  }

  private PeerOutcome peer(int index, Running peer) {
    var complete = peer.complete();
    boolean whole = complete.isDone() && !complete.isCompletedExceptionally();
    var seconds =
        whole ? OptionalDouble.of(watch.seconds(complete.join())) : OptionalDouble.empty();
    var points = new ArrayList<Point>();
    for (var sample : peer.progress()) {
      double at = watch.seconds(sample.nanos());
      if (at >= 0 && !(whole && at > seconds.getAsDouble())) {
        points.add(new Point(at, sample.bytes()));
      }
    }
    seconds.ifPresent(at -> points.add(new Point(at, content.bytes())));
    return new PeerOutcome(index, share(index), index < plan.counted(), seconds, points);
  }

  private double share(int peer) {
    var fastest = fastest();
    return fastest.shaped() ? (double) plan.linkOf(peer).megabits() / fastest.megabits() : 1;
  }

  private Link fastest() {
    return plan.links().stream().max(Comparator.comparingInt(Link::megabits)).orElseThrow();
  }
}

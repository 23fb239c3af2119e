package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Nginx;
import dev.corvid.e2e.bench.program.Running;
import dev.corvid.e2e.bench.program.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way without a swarm: one nginx, and a few words of shell on every other node. Time zero is
 * when all shells are told to go.
 *
 * @param script finds the address in {@code $URL}, and leaves the content in {@code $FILE}
 */
public record Web(String name, String script) implements Contestant {
  @Override
  public Outcome play(SwarmPlan plan, Content content, Setting setting, int repeat, Duration limit)
      throws Exception {
    var nodes = setting.network().nodes();
    var server = nodes.getFirst();
    var peers = new ArrayList<Running>();
    var files = content.path().getParent();
    try (var nginx =
        Nginx.serve(
            setting.tools(), server, server.address(), files, setting.work().resolve("nginx"))) {
      for (int peer = 0; peer < plan.peers(); peer++) {
        var folder = Files.createDirectories(setting.work().resolve("peer" + peer));
        var words =
            Map.of(
                "URL",
                nginx.url(content.name()),
                "FILE",
                folder.resolve(content.name()).toString());
        peers.add(Shell.waiting(nodes.get(1 + peer), script, words));
      }
      for (var peer : peers) {
        peer.listening().get(1, TimeUnit.MINUTES);
      }
      var outcome = watched(plan, content, setting, nginx.process(), peers, repeat, limit);
      verify(content, setting, outcome);
      return outcome;
    } finally {
      peers.forEach(Running::close);
    }
  }

  private Outcome watched(
      SwarmPlan plan,
      Content content,
      Setting setting,
      Running server,
      List<Running> peers,
      int repeat,
      Duration limit)
      throws InterruptedException {
    var clients = new ArrayList<>(peers);
    clients.add(server);
    var counters = WireCounters.seenBy(server);
    var device = counters.has("eth0") ? "eth0" : "lo";
    try (var watch = new SwarmWatch(System.nanoTime(), clients, () -> counters.sent(device))) {
      watch.start();
      peers.forEach(Shell::go);
      var all = peers.stream().map(Running::complete).toArray(CompletableFuture[]::new);
      var trouble = Optional.<String>empty();
      try {
        CompletableFuture.allOf(all).get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        trouble = Optional.of("not all had everything within " + limit.toSeconds() + " s");
      } catch (ExecutionException e) {
        trouble = Optional.of(e.getCause().getMessage());
      }
      watch.end();
      return new Reckoning(plan, content, setting.goodput(), watch)
          .outcome(name, repeat, List.of(server), peers, trouble, Optional.empty());
    }
  }

  private void verify(Content content, Setting setting, Outcome outcome) throws IOException {
    for (var peer : outcome.peers()) {
      var copy = setting.work().resolve("peer" + peer.index()).resolve(content.name());
      if (peer.seconds().isPresent() && !content.isIn(copy)) {
        throw new IllegalStateException(name + " delivered other bytes");
      }
    }
  }
}

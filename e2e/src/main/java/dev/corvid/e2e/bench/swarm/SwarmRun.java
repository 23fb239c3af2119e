package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Aria;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.program.Corvid;
import dev.corvid.e2e.bench.program.Place;
import dev.corvid.e2e.bench.program.Running;
import dev.corvid.e2e.bench.program.Torrent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One swarm, from the first process to the last. In order: tracker; the peers that are there from
 * the beginning, until each listens; the observer, until it sees them; the seeder, whose {@code
 * listening} is time zero; later peers; the end, when all that count have everything or time is up.
 */
public final class SwarmRun implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final long SAMPLE_MILLIS = 100;
  private static final double VICTIM_AT = 0.4;

  /** What a run needs of the bench. */
  public record Setting(Network network, Corvid corvid, Goodput goodput, Path work) {}

  private final SwarmPlan plan;
  private final Client client;
  private final Content content;
  private final Setting setting;
  private final List<Running> clients = new CopyOnWriteArrayList<>();
  private final List<Running> others = new ArrayList<>();
  private final List<CompletableFuture<Running>> peers = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

  public SwarmRun(SwarmPlan plan, Client client, Content content, Setting setting) {
    this.plan = plan;
    this.client = client;
    this.content = content;
    this.setting = setting;
  }

  /**
   * @param limit from time zero
   */
  public Outcome play(int repeat, Duration limit) throws Exception {
    var router = setting.network().router();
    var tracker = also(setting.corvid().tracker(router, router.address() + ":6969"));
    await(tracker.listening());
    var torrent = setting.work().resolve("x.torrent");
    var announce = "http://" + router.address() + ":6969/announce";
    var made = setting.corvid().make(content.path(), torrent, "--announce", announce);
    for (int peer = 0; peer < plan.peers(); peer++) {
      peers.add(new CompletableFuture<>());
      if (plan.joins(peer).isZero()) {
        startPeer(peer, torrent);
      }
    }
    for (var peer : joined()) {
      await(peer.listening());
    }
    var observer = also(observer(made));
    await(observer.listening());

    var counters = WireCounters.seenBy(tracker);
    var port = setting.network().port(setting.network().nodes().getFirst());
    var seeder = start(client.seed(place(0), torrent, content.path()));
    long zero = await(seeder.listening());
    var watch = new SwarmWatch(zero, clients, () -> counters.received(port));
    timer.scheduleAtFixedRate(watch::sample, 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    observer.complete().thenAccept(watch::oneCopy);
    joinLater(torrent);
    befall(seeder, observer);
    var trouble = awaitAll(limit);
    watch.end();
    return new Reckoning(plan, content, setting.goodput(), watch)
        .outcome(client.name(), repeat, seeder, joined(), trouble);
  }

  /** Compares every byte of those who say that they have everything. */
  public void verify(Outcome outcome) throws IOException {
    for (var peer : outcome.peers()) {
      if (peer.counted() && peer.seconds().isPresent()) {
        var copy = setting.work().resolve("peer" + peer.index()).resolve(content.name());
        if (Files.mismatch(content.path(), copy) != -1) {
          throw new IllegalStateException(client.name() + " delivered other bytes");
        }
      }
    }
  }

  private void joinLater(Path torrent) {
    for (int peer = 0; peer < plan.peers(); peer++) {
      int joiner = peer;
      if (!plan.joins(peer).isZero()) {
        timer.schedule(
            () -> startPeer(joiner, torrent), plan.joins(peer).toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private void befall(Running seeder, Running observer) {
    if (plan.fault() == Fault.SEEDER_KILLED) {
      observer.complete().thenAccept(_ -> seeder.signal("KILL"));
    } else if (plan.fault() == Fault.FREEZE || plan.fault() == Fault.KILL) {
      var victim = peers.getLast().join();
      victim
          .reached((long) (VICTIM_AT * content.bytes()))
          .thenAccept(_ -> victim.signal(plan.fault() == Fault.KILL ? "KILL" : "STOP"));
    }
  }

  private void startPeer(int peer, Path torrent) {
    var folder = setting.work().resolve("peer" + peer);
    boolean corrupt = plan.fault() == Fault.CORRUPT && peer == plan.peers() - 1;
    var running =
        corrupt
            ? new Aria().seed(place(1 + peer), torrent, Corruption.of(content, setting.work()))
            : client.get(place(1 + peer), torrent, folder);
    peers.get(peer).complete(start(running));
  }

  private Running observer(Torrent torrent) {
    var watched = new ArrayList<String>();
    for (int peer = 0; peer < plan.counted(); peer++) {
      watched.add(place(1 + peer).address() + ":" + Client.PORT);
    }
    return Observer.start(setting.network().router(), torrent, present(), watched);
  }

  private int present() {
    return (int) peers.stream().limit(plan.counted()).filter(CompletableFuture::isDone).count();
  }

  private Place place(int node) {
    return Place.in(setting.network().nodes().get(node));
  }

  private Optional<String> awaitAll(Duration limit) throws InterruptedException {
    var all =
        peers.stream()
            .limit(plan.counted())
            .map(peer -> peer.thenCompose(Running::complete))
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(all).get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of("not all had everything within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Optional.of(e.getCause().getMessage());
    }
  }

  private List<Running> joined() {
    return peers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
  }

  private Running start(Running running) {
    clients.add(running);
    return running;
  }

  /** What belongs to no client: not counted. */
  private Running also(Running running) {
    others.add(running);
    return running;
  }

  private static long await(CompletableFuture<Long> event) throws Exception {
    return event.get(START.toSeconds(), TimeUnit.SECONDS);
  }

  /** Every process of the swarm has ended when this returns. */
  @Override
  public void close() {
    timer.shutdownNow();
    try (var ending = Executors.newVirtualThreadPerTaskExecutor()) {
      clients.forEach(running -> ending.submit(running::close));
      others.forEach(running -> ending.submit(running::close));
    }
  }
}

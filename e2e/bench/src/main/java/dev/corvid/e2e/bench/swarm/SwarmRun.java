package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Aria;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.program.Place;
import dev.corvid.e2e.bench.program.Running;
import dev.corvid.e2e.bench.program.Torrent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * One swarm, from the first process to the last. In order: tracker; the peers that are there from
 * the beginning, until each listens; the observer, until it sees them; the seeders, whose last
 * {@code listening} is time zero; later peers; the end, when all that count have everything or time
 * is up.
 */
final class SwarmRun implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final double VICTIM_AT = 0.4;

  private final String name;
  private final SwarmPlan plan;
  private final Client client;
  private final Content content;
  private final Setting setting;
  private final List<Running> clients = new CopyOnWriteArrayList<>();
  private final List<Running> others = new ArrayList<>();
  private final List<Running> seeders = new ArrayList<>();
  private final List<CompletableFuture<Running>> peers = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

  /**
   * @param name as its outcome is headed
   */
  SwarmRun(String name, SwarmPlan plan, Client client, Content content, Setting setting) {
    this.name = name;
    this.plan = plan;
    this.client = client;
    this.content = content;
    this.setting = setting;
  }

  /**
   * @param limit from time zero
   */
  Outcome play(int repeat, Duration limit) throws Exception {
    var service = setting.network().service();
    var tracker = also(setting.corvid().tracker(service, service.address() + ":6969"));
    await(tracker.listening());
    var before = trackerBytes(tracker);
    var torrent = setting.work().resolve("x.torrent");
    var announce = "http://" + service.address() + ":6969/announce";
    var made = client.torrent(setting.corvid(), content.path(), torrent, announce);
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

    long zero = seed(torrent);
    try (var watch = new SwarmWatch(zero, clients, seederSent(observer))) {
      watch.start();
      observer.complete().thenAccept(watch::oneCopy);
      joinLater(torrent);
      befall(observer);
      var trouble = awaitAll(limit);
      watch.end();
      var overhead =
          new Overhead(
              made.pieces() * made.pieceLength(), difference(trackerBytes(tracker), before));
      return new Reckoning(plan, content, setting.goodput(), watch)
          .outcome(name, repeat, seeders, joined(), trouble, Optional.of(overhead));
    }
  }

  /** The last seeder's {@code listening}. */
  private long seed(Path torrent) throws Exception {
    for (int node = 0; node < plan.seeders(); node++) {
      seeders.add(start(client.seed(placeOfSeeder(node), torrent, content.path())));
    }
    long last = Long.MIN_VALUE;
    for (var seeder : seeders) {
      last = Math.max(last, await(seeder.listening()));
    }
    return last;
  }

  /** At the router's end of the first seeder's link. */
  private LongSupplier seederSent(Running insideTheRouter) {
    var counters = WireCounters.seenBy(insideTheRouter);
    var port = setting.network().port(setting.network().nodes().get(plan.nodeOf(0)));
    return () -> counters.received(port);
  }

  /** Both ways, headers and all, since there is a link: earlier swarms' too. */
  private static OptionalLong trackerBytes(Running tracker) {
    var counters = WireCounters.seenBy(tracker);
    if (!counters.has("eth0")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(counters.received("eth0") + counters.sent("eth0"));
  }

  private static OptionalLong difference(OptionalLong after, OptionalLong before) {
    return after.isPresent()
        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
        : OptionalLong.empty();
  }

  /** Compares every byte of those who say that they have everything. */
  void verify(Outcome outcome) throws IOException {
    for (var peer : outcome.peers()) {
      if (peer.counted() && peer.seconds().isPresent()) {
        var folder = setting.work().resolve("peer" + peer.index());
        if (!content.isIn(client.delivered(folder, content.name()))) {
          throw new IllegalStateException(name + " delivered other bytes");
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

  private void befall(Running observer) {
    if (plan.fault() == Fault.SEEDER_KILLED) {
      observer.complete().thenAccept(_ -> seeders.getFirst().signal("KILL"));
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
            ? new Aria().seed(placeOf(peer), torrent, Corruption.of(content, setting.work()))
            : client.get(placeOf(peer), torrent, folder);
    peers.get(peer).complete(start(running));
  }

  private Running observer(Torrent torrent) {
    var watched = new ArrayList<String>();
    for (int peer = 0; peer < plan.counted(); peer++) {
      watched.add(placeOf(peer).address() + ":" + Client.PORT);
    }
    return Observer.start(setting.network().router(), torrent, present(), watched);
  }

  private int present() {
    return (int) peers.stream().limit(plan.counted()).filter(CompletableFuture::isDone).count();
  }

  private Place placeOf(int peer) {
    return place(plan.seeders() + peer);
  }

  private Place placeOfSeeder(int seeder) {
    var place = place(plan.nodeOf(seeder));
    return plan.nodeOf(seeder) == seeder ? place : place.at(Client.PORT + 1);
  }

  private Place place(int node) {
    var place = Place.in(setting.network().nodes().get(node));
    return plan.seat() == SeederSeat.WITH_A_PEER ? place.onHost("node" + node) : place;
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

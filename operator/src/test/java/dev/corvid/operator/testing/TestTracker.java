package dev.corvid.operator.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/**
 * Stands in for the tracker and the nodes behind it: a push is kept, every grant is answered with
 * the report that {@link #nodes} gives, and the fleet is told whole each time something changed.
 */
public final class TestTracker implements AutoCloseable {
  /** Nothing happens for as long, and it answers all the same. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  private final HttpServer server;
  private final Map<String, Map<String, NodeReport>> reports = new TreeMap<>();
  private final Map<String, Fleet.Seeder> seeders = new TreeMap<>();
  private final Map<String, Boolean> silent = new TreeMap<>();
  private final Map<String, Push.Release> pushed = new HashMap<>();
  private final List<Push> pushes = new ArrayList<>();
  private BiFunction<String, Grant, NodeReport> behavior = TestTracker::obedient;
  private String instance = UUID.randomUUID().toString();
  private long taken;
  private long sequence = 1;
  private boolean complete;
  private boolean closed;
  private volatile boolean away;

  public TestTracker(String... nodes) throws IOException {
    for (String node : nodes) {
      silent.put(node, false);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/push", exchange -> answer(exchange, Push.class, this::push));
    server.createContext("/v1/fleet", exchange -> answer(exchange, FleetPoll.class, this::fleet));
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on this is what nodes answer; null for no answer. */
  public synchronized void nodes(BiFunction<String, Grant, NodeReport> answers) {
    behavior = answers;
    pushed.values().forEach(this::obey);
    changed();
  }

  /** A node that does at once what it is told. */
  public static NodeReport obedient(String node, Grant grant) {
    String digest = grant.content() == null ? null : grant.content().manifestDigest();
    return switch (grant.action()) {
      case HOLD -> report(grant, NodeReport.State.VERIFIED, digest, null);
      case ACTIVATE -> report(grant, NodeReport.State.ACTIVE, digest, digest);
      case REMOVE -> report(grant, NodeReport.State.REMOVED, null, null);
    };
  }

  /**
   * The same of nodes with a memory: what is active stays so when they are told to hold, and what
   * they have is found by a release that comes back under another uid.
   */
  public static BiFunction<String, Grant, NodeReport> remembering() {
    Map<String, String> active = new HashMap<>();
    return (node, grant) -> {
      String key = node + " " + grant.release();
      NodeReport report = obedient(node, grant);
      if (report.active() != null) {
        active.put(key, report.active());
      } else if (report.state() == NodeReport.State.REMOVED) {
        active.remove(key);
      }
      String held = active.get(key);
      return grant.action() == Grant.Action.HOLD && held != null
          ? report(grant, NodeReport.State.VERIFIED, report.wanted(), held)
          : report;
    };
  }

  public static NodeReport report(Grant grant, NodeReport.State state, String held, String active) {
    return new NodeReport(
        grant.releaseUid(),
        grant.release(),
        grant.root(),
        grant.reign(),
        grant.epoch(),
        state,
        grant.content() == null ? null : grant.content().manifestDigest(),
        active,
        held == null ? List.of() : List.of(held),
        0,
        0,
        0,
        0,
        0,
        state == NodeReport.State.FAILED ? dev.corvid.wire.Reason.InsufficientDisk : null,
        state == NodeReport.State.FAILED ? "12Mi are free, 40Mi are needed" : null,
        state == NodeReport.State.FAILED ? 1 : 0,
        null,
        null);
  }

  public synchronized void seeder(String releaseUid, Fleet.Seeder heard) {
    seeders.put(releaseUid, heard);
    changed();
  }

  public synchronized void node(String node, NodeReport report) {
    reports.computeIfAbsent(report.releaseUid(), uid -> new TreeMap<>()).put(node, report);
    changed();
  }

  public synchronized void join(String node) {
    silent.put(node, false);
    changed();
  }

  public synchronized void unresponsive(String node) {
    silent.put(node, true);
    changed();
  }

  /** As if no tracker ran, or one that is back. */
  public void away(boolean isAway) {
    away = isAway;
  }

  /** Forgets everything, as a restarted tracker has. */
  public synchronized void restart() {
    instance = UUID.randomUUID().toString();
    taken = 0;
    pushed.clear();
    complete = false;
    changed();
  }

  /** It restarts as well, and these nodes do not speak to it. */
  public synchronized void restartWithout(String... away) {
    for (String node : away) {
      silent.remove(node);
      reports.values().forEach(byNode -> byNode.remove(node));
    }
    restart();
  }

  public synchronized boolean isComplete() {
    return complete;
  }

  public synchronized int pushCount() {
    return pushes.size();
  }

  public synchronized Optional<Push.Release> release(String releaseUid) {
    return Optional.ofNullable(pushed.get(releaseUid));
  }

  /** What a node is told of a release now. */
  public synchronized Optional<Grant> grant(String releaseUid, String node) {
    return release(releaseUid).stream()
        .flatMap(release -> release.grants().stream())
        .map(TestTracker::open)
        .filter(grant -> grant.nodes().contains(node))
        .findFirst();
  }

  /** As they were told, empty for a node that is in none any more. */
  public synchronized Map<String, String> zones() {
    Map<String, String> zones = new HashMap<>();
    pushes.forEach(push -> push.nodes().forEach((node, at) -> zones.put(node, at.zone())));
    return zones;
  }

  private synchronized Pushed push(Push push) {
    if (!instance.equals(push.instance()) || push.after() != taken) {
      return new Pushed(instance, taken, false);
    }
    taken++;
    pushes.add(push);
    push.releases().forEach(release -> pushed.put(release.releaseUid(), release));
    push.forgotten().forEach(pushed::remove);
    complete |= push.complete();
    push.releases().forEach(this::obey);
    changed();
    return new Pushed(instance, taken, true);
  }

  private void obey(Push.Release release) {
    for (SignedGrant signed : release.grants()) {
      Grant grant = open(signed);
      for (String node : grant.nodes()) {
        NodeReport report = silent.containsKey(node) ? behavior.apply(node, grant) : null;
        if (report != null) {
          reports.computeIfAbsent(release.releaseUid(), uid -> new TreeMap<>()).put(node, report);
        }
      }
    }
  }

  private synchronized Fleet fleet(FleetPoll poll) {
    long end = System.nanoTime() + LONGEST_POLL.toNanos();
    try {
      while (!closed
          && instance.equals(poll.instance())
          && poll.sequence() == sequence
          && System.nanoTime() < end) {
        wait(1000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Fleet.Node> nodes = new ArrayList<>();
    silent.forEach((node, isSilent) -> nodes.add(new Fleet.Node(node, isSilent)));
    var uids = new java.util.TreeSet<>(reports.keySet());
    uids.addAll(seeders.keySet());
    List<Fleet.Release> releases = new ArrayList<>();
    for (String uid : uids) {
      List<Fleet.NodeState> states = new ArrayList<>();
      reports.getOrDefault(uid, Map.of()).forEach((n, r) -> states.add(new Fleet.NodeState(n, r)));
      releases.add(new Fleet.Release(uid, seeders.get(uid), states));
    }
    return new Fleet(instance, sequence, !instance.equals(poll.instance()), false, nodes, releases);
  }

  private void changed() {
    sequence++;
    notifyAll();
  }

  private static Grant open(SignedGrant signed) {
    try {
      return signed.unverified();
    } catch (WireException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> void answer(
      HttpExchange exchange, Class<T> type, java.util.function.Function<T, Object> handler)
      throws IOException {
    try (exchange) {
      if (away) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      byte[] asked = exchange.getRequestBody().readAllBytes();
      if (Deflate.NAME.equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        asked = Deflate.expand(asked, Push.MAX_BYTES + 1);
      }
      if (asked.length > Push.MAX_BYTES) {
        exchange.sendResponseHeaders(413, -1);
        return;
      }
      byte[] body = Wire.encode(handler.apply(Wire.decode(asked, type)));
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    server.stop(0);
  }
}

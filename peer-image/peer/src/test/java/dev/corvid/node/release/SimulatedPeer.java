package dev.corvid.node.release;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.node.SimulatedTime;
import dev.corvid.node.check.ClockCheck;
import dev.corvid.node.check.GrantCheck;
import dev.corvid.node.check.GrantRefusal;
import dev.corvid.node.root.DamageCount;
import dev.corvid.node.root.RootRegistry;
import dev.corvid.node.root.Scrubber;
import dev.corvid.node.torrent.TorrentRegistry;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.store.CrashingDisk;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One process of a node's peer in simulated time: its real releases, agents and store, a disk that
 * fails on demand, and no network. Agents run one event at a time, in the order of the dice.
 */
final class SimulatedPeer implements NodeContext {
  private final SimulatedTime time;
  private final RandomGenerator random;
  private final SimulatedSwarm swarm;
  private final List<ReleaseAgent> agents = new ArrayList<>();
  private final TorrentRegistry torrents = new TorrentRegistry();
  private final Traffic traffic = new Traffic();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DamageCount damage = new DamageCount(meters);
  private final Scrubber scrubber;
  private final GrantCheck check;
  private final RootRegistry roots;
  private final Releases releases;
  private Root root;
  private Runnable onChange = () -> {};
  private boolean ended;

  SimulatedPeer(
      SimulatedTime time,
      RandomGenerator random,
      SimulatedSwarm swarm,
      TrustFile trust,
      Roots config,
      Path directory,
      CrashingDisk disk,
      String bootId) {
    this.time = time;
    this.random = random;
    this.swarm = swarm;
    scrubber = new Scrubber(new Soon(), time::nanoTime);
    check = new GrantCheck(PlayedOperator.NODE, trust, time, meters);
    releases =
        new Releases(
            this,
            check,
            new ClockCheck(time),
            new ReleaseMeters(meters, false),
            (name, agent) -> {
              agents.add(agent);
              return () -> handleAll(agent);
            });
    roots =
        new RootRegistry(
            config,
            directory,
            new StoreOptions(time, bootId),
            (root, path, options) -> disk.open(root, options),
            this::opened);
  }

  void open() {
    roots.openAll();
  }

  void obey(NodeAssignments assignments) throws IOException {
    obey(assignments, true);
  }

  boolean obey(NodeAssignments part, boolean begins) throws IOException {
    return releases.obey(part, begins);
  }

  /** What happens when a release says that it is in another state. */
  void onChange(Runnable happens) {
    onChange = happens;
  }

  List<NodeReport> reports() {
    return releases.reports();
  }

  /** Empty until it could be opened. */
  Optional<Root> root() {
    return Optional.ofNullable(root);
  }

  /** Lets some agent handle an event that is due; false when none is. */
  boolean step() {
    int first = agents.isEmpty() ? 0 : random.nextInt(agents.size());
    for (int i = 0; i < agents.size(); i++) {
      if (agents.get((first + i) % agents.size()).handleDue()) {
        return true;
      }
    }
    return false;
  }

  /** When the first alarm of an agent is due; {@link Long#MAX_VALUE} for never. */
  long nextAlarm() {
    return agents.stream()
        .flatMapToLong(agent -> agent.untilAlarm().stream())
        .map(left -> time.nanoTime() + Math.max(left, 0))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The process ends as one that was asked to. */
  void close() throws IOException {
    releases.close();
    kill();
    roots.close();
  }

  /** The process ends without a word; close its disk. */
  void kill() {
    ended = true;
    swarm.close();
  }

  private static void handleAll(ReleaseAgent agent) {
    while (agent.handleDue()) {}
  }

  private void opened(Root opened) {
    root = opened;
    releases.resume(opened);
  }

  @Override
  public String name() {
    return PlayedOperator.NODE;
  }

  @Override
  public DamageCount damage() {
    return damage;
  }

  @Override
  public RootRegistry roots() {
    return roots;
  }

  @Override
  public SimulatedSwarm swarm() {
    return swarm;
  }

  @Override
  public TorrentRegistry torrents() {
    return torrents;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public InetAddress address() {
    return InetAddress.ofLiteral("10.0.0.1");
  }

  @Override
  public Backoff backoff() {
    return Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Clock clock() {
    return time;
  }

  @Override
  public Scrubber scrubber() {
    return scrubber;
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public void askForNeighbours(String of, Consumer<Neighbours> known) {
    time.after(
        Duration.ofMillis(random.nextInt(2000)),
        () -> known.accept(new Neighbours(List.of("10.0.0.9:6881"), null)));
  }

  @Override
  public boolean hasTracker() {
    return true;
  }

  @Override
  public void changed() {
    onChange.run();
  }

  @Override
  public void refused(GrantRefusal kind, Grant grant) {
    check.refused(kind, grant);
  }

  /** Runs everything a little later, while the process lives. */
  private final class Soon extends AbstractExecutorService {
    @Override
    public void execute(Runnable command) {
      time.after(
          Duration.ofMillis(random.nextInt(3000)),
          () -> {
            if (!ended) {
              command.run();
            }
          });
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}

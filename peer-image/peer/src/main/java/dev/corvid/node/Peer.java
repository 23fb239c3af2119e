package dev.corvid.node;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.lifecycle.OpenParts;
import dev.corvid.net.Addresses;
import dev.corvid.node.check.ClockCheck;
import dev.corvid.node.check.GrantCheck;
import dev.corvid.node.check.GrantRefusal;
import dev.corvid.node.release.AgentRunner;
import dev.corvid.node.release.NodeContext;
import dev.corvid.node.release.ReleaseMeters;
import dev.corvid.node.release.Releases;
import dev.corvid.node.root.DamageCount;
import dev.corvid.node.root.RootMetrics;
import dev.corvid.node.root.RootRegistry;
import dev.corvid.node.root.Scrubber;
import dev.corvid.node.torrent.TorrentRegistry;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.node.tracker.NodeTrackerClient;
import dev.corvid.node.tracker.NodeTrackerLink;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.telemetry.Health;
import dev.corvid.telemetry.Telemetry;
import dev.corvid.trust.TokenFile;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.Neighbours;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * A node's peer, running: its parts in the order in which they depend on each other. Ready once its
 * roots are open and it listens, with or without a tracker.
 */
public final class Peer implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Peer.class.getName());
  private static final Backoff RETRIES =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(60));

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final TorrentRegistry torrents = new TorrentRegistry();
  private final Traffic traffic = new Traffic();
  private final OpenParts parts;
  private final Clock clock;
  private final String name;
  private final DamageCount damage;
  private final Telemetry telemetry;
  private final RootRegistry roots;
  private final Swarm swarm;
  private final Scrubber scrubber;
  private final GrantCheck check;
  private final InetAddress own;
  private final Releases releases;
  private final NodeTrackerClient client;
  private final NodeTrackerLink link;
  private volatile boolean ready;

  private Peer(PeerOptions options, Clock clock, OpenParts parts) throws IOException {
    this.parts = parts;
    this.clock = clock;
    this.name = options.node();
    this.own = InetAddress.ofLiteral(options.address());
    Roots opened = Wire.decode(Files.readAllBytes(options.roots()), Roots.class);
    telemetry =
        parts.add(
            "telemetry",
            Telemetry.open(options.http().socketAddress(), Health.ready(this::notReady)));
    damage = new DamageCount(telemetry.meters());
    roots =
        parts.add(
            "roots",
            new RootRegistry(
                opened,
                options.rootsDirectory(),
                StoreOptions.ofThisMachine(clock),
                Root::open,
                this::opened));
    opened
        .roots()
        .forEach(root -> RootMetrics.registerOpen(telemetry.meters(), roots, root.name()));
    swarm =
        parts.add(
            "swarm",
            Swarm.open(
                SwarmOptions.listeningOn(options.listen().socketAddress())
                    .withLimits(options.downloadLimit(), options.uploadLimit())
                    .onHost(options.node())));
    scrubber = parts.add("scrubber", Scrubber.open());
    check =
        new GrantCheck(options.node(), new TrustFile(options.trust()), clock, telemetry.meters());
    var clocks = new ClockCheck(clock);
    releases =
        parts.add(
            "releases",
            new Releases(
                new Context(),
                check,
                clocks,
                new ReleaseMeters(telemetry.meters(), options.perRelease()),
                AgentRunner.THREADS));
    client =
        parts.add(
            "tracker's client",
            new NodeTrackerClient(
                options.tracker(), options.node(), new TokenFile(options.token()), clocks));
    link =
        parts.add(
            "tracker's link",
            new NodeTrackerLink(
                client, releases, swarm.address().getPort(), System::nanoTime, random));
    PeerMetrics.register(telemetry.meters(), releases, traffic, link, swarm);
    PeerMetrics.register(telemetry.meters(), roots);
    BandwidthMetrics.register(telemetry.meters(), options, releases);
  }

  /**
   * Opens the roots, continues what was under way, and asks the tracker.
   *
   * @param clock of this node
   * @throws IOException when the list of roots cannot be read or an address cannot be bound
   */
  public static Peer open(PeerOptions options, Clock clock) throws IOException {
    var parts = new OpenParts();
    try {
      var peer = new Peer(options, clock, parts);
      peer.roots.openAll();
      peer.link.start();
      peer.ready = true;
      log.info(
          () ->
              "peer of node "
                  + options.node()
                  + " listens on "
                  + Addresses.text(peer.swarm.address()));
      return peer;
    } catch (IOException | RuntimeException | Error e) {
      parts.closeAfter(e);
      throw e;
    }
  }

  /** Where BitTorrent is spoken. */
  public InetSocketAddress address() {
    return swarm.address();
  }

  /** Where probes and metrics are answered. */
  public InetSocketAddress http() {
    return telemetry.address();
  }

  /** Stops in order: no new grants, then no release or torrent, then no file in use. */
  @Override
  public void close() throws IOException {
    ready = false;
    parts.close();
  }

  private void opened(Root root) {
    RootMetrics.register(telemetry.meters(), root);
    releases.resume(root);
  }

  private Optional<String> notReady() {
    return ready ? Optional.empty() : Optional.of("the roots are being opened");
  }

  private final class Context implements NodeContext {
    @Override
    public String name() {
      return name;
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
    public Swarm swarm() {
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
      return own;
    }

    @Override
    public Backoff backoff() {
      return RETRIES;
    }

    @Override
    public Clock clock() {
      return clock;
    }

    @Override
    public Scrubber scrubber() {
      return scrubber;
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void askForNeighbours(String swarm, Consumer<Neighbours> known) {
      Thread.ofVirtual()
          .name("neighbours-" + swarm)
          .start(
              () -> {
                try {
                  known.accept(client.neighbours(swarm));
                } catch (IOException e) {
                  log.log(Level.FINE, e, () -> "no neighbours in swarm " + swarm);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public boolean hasTracker() {
      return link.isConnected();
    }

    @Override
    public void changed() {
      link.changed();
    }

    @Override
    public void refused(GrantRefusal kind, Grant grant) {
      check.refused(kind, grant);
    }
  }
}

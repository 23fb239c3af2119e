package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer with the memory of its pod, and clients from many addresses that hold connections to it
 * for nothing: a node that the tracker names is served meanwhile.
 */
class PeerUnderAttackIT {
  private static final int IDLE = 12_000;
  private static final int HALF = 160;

  /** Eight of an address: twice as many as the torrent has places. */
  private static final int WHOLE = 120;

  private static final int PER_ADDRESS = 32;
  private static final int AT_ONCE = 32;
  private static final int LASTING = 8;
  private static final byte[] PROTOCOL = "\u0013BitTorrent protocol".getBytes(ISO_8859_1);
  private static final long BETWEEN_TWO = TimeUnit.MILLISECONDS.toNanos(2);

  private final SampleRelease release = new SampleRelease(5, 20, 100_000);

  @TempDir Path directory;
  private final List<SocketChannel> attackers = new ArrayList<>();
  private final List<SocketChannel> neighbours = Collections.synchronizedList(new ArrayList<>());
  private LoopbackCluster cluster;
  private PeerProcess victim;
  private List<Thread> lasting = List.of();
  private volatile boolean over;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    victim = new PeerProcess(cluster.options("node-1"));
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1", "node-2"));
    try (var _ = cluster.seed(UID, release, 0)) {
      cluster.await("node-1", State.ACTIVE);
    }
  }

  @AfterEach
  void close() throws Exception {
    over = true;
    victim.close();
    cluster.close();
    for (var thread : lasting) {
      thread.join();
    }
    for (var each : List.of(attackers, neighbours)) {
      for (var attacker : each) {
        attacker.close();
      }
    }
  }

  @Test
  void aNamedNeighbourIsServedWhateverElseIsConnected() throws Exception {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      attack(threads, WHOLE, i -> neighbours.add(attack(i * PER_ADDRESS / 8, handshake(i))));
      attack(threads, IDLE, i -> add(attack(i, new byte[0])));
      attack(threads, HALF, i -> add(attack(i * PER_ADDRESS, PROTOCOL)));
    }
    lasting = IntStream.range(0, LASTING).mapToObj(this::keepAllPlacesTaken).toList();

    cluster.startPeer("node-2");

    var report = cluster.await("node-2", State.ACTIVE);
    assertThat(report.bytesFromPeers()).isGreaterThanOrEqualTo(report.bytesTotal());
    assertIsThere(cluster.release("node-2").resolve("current"), release);
    assertThat(victim.isAlive()).isTrue();
    assertThat(lasting).as("the attack lasts").allMatch(Thread::isAlive);
  }

  /** Half handshakes, each in place of one that has been closed since. */
  private Thread keepAllPlacesTaken(int first) {
    return Thread.ofVirtual()
        .start(
            () -> {
              for (int i = first; !over; i += LASTING) {
                try {
                  synchronized (attackers) {
                    attackers.removeFirst().close();
                  }
                  add(attack(i * PER_ADDRESS % IDLE, PROTOCOL));
                } catch (IOException e) {
                  assertThat(over).as("the victim accepts connections").isTrue();
                }
                LockSupport.parkNanos(BETWEEN_TWO);
              }
            });
  }

  private interface Attack {
    void begin(int number) throws IOException;
  }

  /** All of them; a dial that found the queue of the listener full is repeated after a second. */
  private static void attack(ExecutorService threads, int count, Attack attack) throws Exception {
    var attempts = new ArrayList<Callable<Void>>();
    for (int i = 0; i < count; i++) {
      int number = i;
      attempts.add(
          () -> {
            attack.begin(number);
            return null;
          });
    }
    for (var attempt : threads.invokeAll(attempts)) {
      attempt.get();
    }
  }

  /** As a peer would say that has left a node which held the release. */
  private byte[] handshake(int number) {
    var handshake = ByteBuffer.allocate(68).put(PROTOCOL).putLong(0);
    handshake.put(HexFormat.of().parseHex(cluster.swarm(NAME.namespace(), release).hex()));
    return handshake.put("-XX0000-%012d".formatted(number).getBytes(ISO_8859_1)).array();
  }

  private void add(SocketChannel attacker) {
    synchronized (attackers) {
      attackers.add(attacker);
    }
  }

  private SocketChannel attack(int number, byte[] said) throws IOException {
    int from = number / PER_ADDRESS;
    var attacker = SocketChannel.open();
    attacker.bind(
        new InetSocketAddress(
            InetAddress.ofLiteral("127.1.%d.%d".formatted(from / 200, 1 + from % 200)), 0));
    attacker.connect(victimAddress());
    try {
      attacker.write(ByteBuffer.wrap(said));
    } catch (IOException e) {
      // Closed already, for a newer one.
    }
    return attacker;
  }

  private InetSocketAddress victimAddress() {
    try {
      return victim.address();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

package dev.corvid.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.node.NodeAssignments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tracker with the heap of its pod, 40 % of 256 Mi, and clients that hold connections for
 * nothing, from many addresses: the peers of the cluster are answered meanwhile.
 */
class TrackerUnderAttackIT {
  private static final String HEAP = "102m";
  private static final int PER_ADDRESS = 32;

  /** Of an answer that takes milliseconds, on a machine that does much else. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<SocketChannel> attackers = new ArrayList<>();
  private TestCluster cluster;
  private TrackerProcess tracker;
  private TrackerCalls calls;
  private String instance;

  @BeforeEach
  void open() throws Exception {
    cluster = new TestCluster(directory);
    tracker = new TrackerProcess(HEAP, cluster.trustFile());
    calls = new TrackerCalls(cluster, tracker.address());
    instance = calls.instance();
    assertThat(calls.push(Samples.push(instance, cluster, 0, "node-1", "node-2")).statusCode())
        .isEqualTo(200);
  }

  @AfterEach
  void close() throws IOException {
    for (var attacker : attackers) {
      attacker.close();
    }
    calls.close();
    tracker.close();
  }

  @Test
  void theTrackerOutlivesIdleConnections() throws Exception {
    var waiting = waiting("node-1");
    for (int i = 0; i < 12_000; i++) {
      attack(i);
    }

    staysOfUse(waiting);
  }

  @Test
  void theTrackerOutlivesHalfRequests() throws Exception {
    var waiting = waiting("node-1");
    var half = "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(16_000);
    for (int i = 0; i < 6_000; i++) {
      var attacker = attack(i);
      try {
        attacker.write(ByteBuffer.wrap(half.getBytes(US_ASCII)));
      } catch (IOException e) {
        // Closed already, for a newer one.
      }
    }

    staysOfUse(waiting);
  }

  /** A peer that waits for what comes after the first push. */
  private CompletableFuture<NodeAssignments> waiting(String node) throws Exception {
    NodeAssignments known = answer(calls.poll(node, Samples.poll()));
    return calls.poll(node, Samples.poll(known.sequence()));
  }

  private void staysOfUse(CompletableFuture<NodeAssignments> waiting) throws Exception {
    assertThat(insisting("node-2").releases()).hasSize(1);
    assertThat(calls.push(Samples.push(instance, cluster, 1, "node-1", "node-2")).statusCode())
        .isEqualTo(200);
    var assignments = answer(waiting);
    if (assignments.releases().isEmpty()) { // it had waited its time
      assignments = answer(calls.poll("node-1", Samples.poll(assignments.sequence())));
    }
    assertThat(assignments.releases()).hasSize(1);
    assertThat(tracker.isAlive()).isTrue();
  }

  /**
   * As a peer does, which asks again when its connection yielded to another before it was known.
   */
  private NodeAssignments insisting(String node) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(
            e -> e instanceof ExecutionException && e.getCause() instanceof IOException)
        .until(() -> answer(calls.poll(node, Samples.poll())), Objects::nonNull);
  }

  private static NodeAssignments answer(CompletableFuture<NodeAssignments> poll) throws Exception {
    return poll.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private SocketChannel attack(int number) throws Exception {
    int from = number / PER_ADDRESS;
    var attacker = SocketChannel.open();
    attackers.add(attacker);
    attacker.bind(
        new InetSocketAddress(
            InetAddress.ofLiteral("127.1.%d.%d".formatted(from / 200, 1 + from % 200)), 0));
    attacker.connect(tracker.address());
    return attacker;
  }
}

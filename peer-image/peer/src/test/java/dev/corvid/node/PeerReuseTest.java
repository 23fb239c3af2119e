package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A revision that differs a little from what a node has costs it a little. */
@Tag("slow")
class PeerReuseTest {
  private static final int PIECE = 64 << 10;

  private static final double MOST = 0.07;
  private static final String[] NODES = {"node-1", "node-2", "node-3"};

  private final Random random = new Random(7);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    for (String node : NODES) {
      cluster.startPeer(node);
    }
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void fetchesTheChangedOnesOfManyFiles() throws Exception {
    SortedMap<String, byte[]> files = SampleRelease.random(1, 2000, 32_000);
    SortedMap<String, byte[]> next = new TreeMap<>(files);
    int file = 0;
    for (String path : files.keySet()) {
      if (file++ % 20 == 0) {
        change(next, path);
      }
    }
    fetchesLittle(files, next);
  }

  @Test
  void fetchesTheMiddleOfALargeFile() throws Exception {
    SortedMap<String, byte[]> files = SampleRelease.random(2, 1, 64 << 20);
    SortedMap<String, byte[]> next = new TreeMap<>();
    files.forEach(
        (path, bytes) -> {
          byte[] changed = bytes.clone();
          int from = bytes.length / 2;
          byte[] other = new byte[bytes.length / 20];
          random.nextBytes(other);
          System.arraycopy(other, 0, changed, from, other.length);
          next.put(path, changed);
        });
    fetchesLittle(files, next);
  }

  @Test
  void fetchesNothingOfATreeThatWasMoved() throws Exception {
    SortedMap<String, byte[]> files = SampleRelease.random(3, 50, 300_000);
    SortedMap<String, byte[]> next = new TreeMap<>();
    files.forEach((path, bytes) -> next.put("moved/" + path.replace("file", "part"), bytes));
    fetchesLittle(files, next);
  }

  private void change(SortedMap<String, byte[]> files, String path) {
    byte[] changed = new byte[files.get(path).length];
    random.nextBytes(changed);
    files.put(path, changed);
  }

  private void fetchesLittle(SortedMap<String, byte[]> files, SortedMap<String, byte[]> changed)
      throws Exception {
    var first = new SampleRelease(files, PIECE);
    var second = new SampleRelease(changed, PIECE);
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, first, NODES));
    cluster.seed(UID, first, 0);
    for (String node : NODES) {
      cluster.await(node, State.ACTIVE);
    }

    cluster.operator.want(UID, cluster.grant(2, Action.ACTIVATE, second, first, NODES));
    cluster.seed(UID, second, 0);
    for (String node : NODES) {
      NodeReport report =
          cluster.await(node, UID, r -> r.epoch() == 2 && r.state() == State.ACTIVE);
      double fetched = report.bytesFromSeeder() + report.bytesFromPeers();
      assertThat(fetched / report.bytesTotal()).as(node).isLessThan(MOST);
      assertThat(report.bytesReused())
          .isBetween((long) (report.bytesTotal() - fetched - PIECE), report.bytesTotal());
      assertIsThere(cluster.release(node).resolve("current"), second);
    }
  }
}

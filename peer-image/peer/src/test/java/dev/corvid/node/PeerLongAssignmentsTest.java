package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice that comes in several parts is obeyed to its end. */
class PeerLongAssignmentsTest {
  /** With grants of 16 KiB each, more than the tracker puts into one part. */
  private static final int RELEASES = 90;

  @TempDir Path directory;

  @Test
  void obeysEveryPartAndThenWhatChanges() throws Exception {
    try (var cluster = new LoopbackCluster(directory)) {
      cluster.operator.want(removals(cluster, 5));
      cluster.startPeer("node-1");
      awaitAll(cluster, 5);

      cluster.operator.want(removals(cluster, 6));
      awaitAll(cluster, 6);
    }
  }

  private static void awaitAll(LoopbackCluster cluster, long epoch) {
    for (int i = 0; i < RELEASES; i++) {
      String uid = uid(i);
      Optional<NodeReport> report = cluster.operator.last("node-1", uid);
      while (report.filter(each -> each.epoch() == epoch).isEmpty()) {
        report = cluster.operator.hear("node-1", uid); // waits for news
      }
      assertThat(report).map(NodeReport::state).contains(State.REMOVED);
    }
  }

  private static Map<String, SignedGrant> removals(LoopbackCluster cluster, long epoch) {
    List<String> nodes = new ArrayList<>(List.of("node-1"));
    for (int other = 1; other < Grant.MAX_NODES; other++) {
      nodes.add("n".repeat(240) + other);
    }
    Map<String, SignedGrant> grants = new LinkedHashMap<>();
    for (int i = 0; i < RELEASES; i++) {
      var grant =
          new Grant(
              uid(i),
              new ReleaseName("search", "ranking-" + i),
              null,
              "models",
              1,
              0,
              epoch,
              Grant.Action.REMOVE,
              null,
              null,
              List.of(),
              DeletionPolicy.DELETE,
              nodes);
      grants.put(uid(i), cluster.keys.sign(grant));
    }
    return grants;
  }

  private static String uid(int number) {
    return "uid-%03d".formatted(number);
  }
}

package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from other zones is counted. */
@Tag("slow")
class PeerZoneTest {
  private static final List<String> NODES = List.of("east-1", "east-2", "west-1");

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private SampleRelease release;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    release = new SampleRelease(SampleRelease.random(4, 20, 300_000), 64 << 10);
    for (String node : NODES) {
      cluster.startPeer(node);
    }
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void countsWhatCameFromOtherZones() throws Exception {
    for (String node : NODES) {
      cluster.operator.place(node, node.substring(0, 4));
    }

    distribute();

    assertThat(across("west-1")).as("whatever no seeder sent").isEqualTo(fromPeers("west-1"));
    assertThat(across("east-1")).isLessThanOrEqualTo(fromPeers("east-1"));
    assertThat(across("east-1") + across("east-2") + across("west-1")).isPositive();
  }

  @Test
  void countsNothingWhereNoZoneIsKnown() throws Exception {
    distribute();

    for (String node : NODES) {
      assertThat(across(node)).as(node).isZero();
    }
  }

  private void distribute() throws Exception {
    cluster.operator.want(
        UID, cluster.grant(1, Action.ACTIVATE, release, NODES.toArray(String[]::new)));
    cluster.seed(UID, release, 0);
    for (String node : NODES) {
      cluster.await(node, State.ACTIVE);
    }
  }

  private double across(String node) throws Exception {
    return cluster.metric(node, "corvid_peer_received_across_zones_bytes_total");
  }

  private double fromPeers(String node) throws Exception {
    return cluster.metric(node, "corvid_peer_received_bytes_total{source=\"peers\"}");
  }
}

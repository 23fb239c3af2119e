package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.reference.Scraped;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a peer's endpoint answers. */
class PeerMetricsTest {
  private final SampleRelease release = new SampleRelease(1, 4, 100_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void everyFamilyIsDocumentedAndNoneHasReleases() throws Exception {
    Scraped before = scrape();
    for (int i = 0; i < 3; i++) {
      String uid = UID + i;
      var name = new ReleaseName("search", "ranking-" + i);
      cluster.operator.want(
          uid, cluster.grant(uid, name, "models", 1, Action.ACTIVATE, release, "node-1"));
      cluster.seed(uid, release, 0);
      cluster.await("node-1", uid, report -> report.state() == State.ACTIVE);
    }

    Scraped after = scrape().isWellNamed();
    after.isDocumentedAs("Peer");
    assertThat(after.series()).isEqualTo(before.series());
  }

  @Test
  void hasSeriesOfEachReleaseThatIsHereIfTold() throws Exception {
    cluster.stopPeer("node-1");
    cluster.perRelease = true;
    cluster.startPeer("node-1");
    var grant = cluster.grant(1, Action.ACTIVATE, release, "node-1");
    cluster.operator.want(UID, cluster.limited(grant, new NodeLimits(1 << 30, 0)));
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);

    String labels = "namespace=\"search\",release=\"ranking\",root=\"models\"}";
    String received = "corvid_peer_release_received_bytes_total{" + labels;
    await().until(() -> scrape().series().contains(received));
    assertThat(cluster.metric("node-1", received)).isBetween(400_000.0, 1_000_000.0);
    assertThat(cluster.metric("node-1", limit("download", labels))).isEqualTo(1 << 30);
    assertThat(cluster.metric("node-1", limit("upload", labels))).isZero();
    scrape()
        .isWellNamed()
        .isDocumentedAs(
            "Peer, with metrics.perRelease", name -> name.startsWith("corvid_peer_release_"));

    cluster.operator.want(UID, cluster.grant(2, Action.REMOVE, null, "node-1"));
    cluster.await("node-1", State.REMOVED);
    cluster.operator.forget(UID);
    await().until(() -> scrape().series().stream().noneMatch(series -> series.contains("ranking")));
  }

  private static String limit(String direction, String labels) {
    return "corvid_peer_release_bandwidth_limit_bytes_per_second{direction=\"%s\",%s"
        .formatted(direction, labels);
  }

  @Test
  void tellsHowFullARootIs() throws Exception {
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);

    double size = figure("root_size_bytes");
    var store = Files.getFileStore(cluster.root("node-1"));
    assertThat(size).isEqualTo(store.getTotalSpace());
    assertThat(figure("root_free_bytes")).isBetween(1.0, size);
    assertThat(figure("root_used_bytes")).isBetween(400_000.0, 1_000_000.0);
    assertThat(figure("root_inodes")).isGreaterThan(4);
    assertThat(figure("root_booked_bytes")).isZero();
    assertThat(figure("root_reserve_bytes")).isZero();
    assertThat(figure("root_open")).isEqualTo(1);
  }

  private double figure(String name) throws Exception {
    return cluster.metric("node-1", "corvid_peer_" + name + "{root=\"models\"}");
  }

  private Scraped scrape() throws Exception {
    return Scraped.of(cluster.peer("node-1").http());
  }
}

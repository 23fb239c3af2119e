package dev.corvid.bittorrent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.RawPeer;
import dev.corvid.bittorrent.swarm.TestPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** All neighbours of one torrent claim the largest info dictionary, and send nothing of it. */
class MetadataTurnsIT {
  private static final InfoHash ATTACKED = InfoHash.ofHex("a7".repeat(20));
  private static final int DIALLED = 8;
  private static final int ACCEPTED = 32;
  private static final int MOST =
      (int) Math.min(Metainfo.MAX_INFO_BYTES, Runtime.getRuntime().maxMemory() / 4);

  @Test
  void theLiarsOfOneTorrentHoldUpNoOther() throws Exception {
    var info = largeInfo();
    var bytes = new byte[info.infoBytes().remaining()];
    info.infoBytes().duplicate().get(bytes);
    var claimed = new AtomicInteger();
    RawPeer.Script lying =
        connection -> {
          claimed.incrementAndGet();
          MetainfoFetchTest.claiming(MOST).run(connection);
        };
    var peers = new ArrayList<RawPeer>();
    try (var swarm = TestPeer.swarm();
        var honest = new RawPeer(info.infoHash(), MetainfoFetchTest.serving(bytes))) {
      for (var i = 0; i < DIALLED; i++) {
        peers.add(new RawPeer(ATTACKED, lying));
      }
      var addresses = peers.stream().map(RawPeer::address).toList();
      swarm.fetchMetainfo(ATTACKED, addresses);
      for (var i = 0; i < ACCEPTED; i++) {
        var connection = RawPeer.RawConnection.dial(swarm.address());
        Thread.startVirtualThread(() -> lie(connection, lying));
      }
      await().until(() -> claimed.get() > ACCEPTED);

      var fetched = swarm.fetchMetainfo(info.infoHash(), List.of(honest.address()));

      // One after the other, they would be waited for ten times as long.
      assertThat(fetched.get(60, TimeUnit.SECONDS).infoHash()).isEqualTo(info.infoHash());
    } finally {
      for (var peer : peers) {
        peer.close();
      }
    }
  }

  private static void lie(RawPeer.RawConnection connection, RawPeer.Script lying) {
    try (connection) {
      connection.greet(ATTACKED);
      connection.socket.setSoTimeout(0);
      lying.run(connection);
    } catch (IOException e) {
      // Hung up on when its time is over.
    }
  }

  /** Too large for the share of small ones. */
  private static Metainfo largeInfo() throws Exception {
    var builder = new InfoBuilder("large", 16 << 10);
    for (var i = 0; i < 10_000; i++) {
      builder.file("file-%05d".formatted(i), 100, false);
    }
    return builder.layout();
  }
}

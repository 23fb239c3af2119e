package dev.corvid.bittorrent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.BencodeWriter;
import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.RawPeer;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.TestPeer;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Location;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MetadataExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metainfo from neighbours of whom only one, or none, is honest. */
@Tag("slow")
class MetainfoFetchTest {
  private static final int THEIR_ID = 3;

  @TempDir Path directory;
  private final List<RawPeer> peers = new ArrayList<>();
  private Swarm swarm;

  @BeforeEach
  void open() throws Exception {
    swarm = TestPeer.swarm();
  }

  @AfterEach
  void close() throws Exception {
    for (var peer : peers) {
      peer.close();
    }
    swarm.close();
  }

  @Test
  void comesFromTheOneThatIsHonest() throws Exception {
    var info = manyFiles();
    var hash = info.infoHash();
    var bytes = bytes(info);
    var neighbours =
        List.of(
            peer(hash, claiming(Metainfo.MAX_INFO_BYTES + 1)),
            peer(hash, claiming(Integer.MAX_VALUE)),
            peer(hash, serving(new byte[bytes.length])),
            peer(hash, serving(new byte[bytes.length / 2])),
            peer(hash, connection -> connection.awaitEnd()),
            peer(hash, claiming(bytes.length)),
            peer(hash, claiming(bytes.length)),
            peer(hash, serving(bytes)));

    var fetched = swarm.fetchMetainfo(hash, neighbours).get(60, TimeUnit.SECONDS);

    assertThat(fetched.infoBytes()).isEqualTo(info.infoBytes());
  }

  /** Nobody can be dialled: whoever connects is asked. */
  @Test
  void comesFromOneThatConnectsByItself() throws Exception {
    var info = manyFiles();
    var fetching = swarm.fetchMetainfo(info.infoHash(), List.of());
    for (var script : List.of(claiming(bytes(info).length), serving(bytes(info)))) {
      var connection = RawPeer.RawConnection.dial(swarm.address());
      Thread.startVirtualThread(
          () -> {
            try (connection) {
              connection.greet(info.infoHash());
              script.run(connection);
            } catch (IOException e) {
              // Hung up on when it is done.
            }
          });
    }
    assertThat(fetching.get(60, TimeUnit.SECONDS).infoBytes()).isEqualTo(info.infoBytes());
  }

  @Test
  void isCountedWhenItDoesNotMatch() throws Exception {
    var hash = manyFiles().infoHash();
    var fetching = swarm.fetchMetainfo(hash, List.of(peer(hash, serving(new byte[50_000]))));
    await().until(() -> swarm.refused(RejectReason.METAINFO) > 0);
    assertThat(fetching).isNotDone();
    fetching.cancel(false);
  }

  /** Its hash is right, so whoever gave out the hash is hostile. */
  @Test
  void isRefusedWhenItsPathsLeaveTheTorrent() throws Exception {
    for (var names : List.of(List.of("..", "x"), List.of("/etc/passwd"), List.of("a", "", "b"))) {
      var before = swarm.refused(RejectReason.METAINFO);
      var bytes = oneFile(names);
      var hash = InfoHash.ofInfo(ByteBuffer.wrap(bytes));
      var fetching = swarm.fetchMetainfo(hash, List.of(peer(hash, serving(bytes))));
      await().until(() -> swarm.refused(RejectReason.METAINFO) > before);
      assertThat(fetching).isNotDone();
      fetching.cancel(false);
    }
  }

  /** It is this side's fault, and asking others would not help. */
  @Test
  void endsWithItsCauseWhenItCannotBeKept() throws Exception {
    var info = manyFiles();
    var hash = info.infoHash();
    var full = new IOException("No space left on device");
    var fetching =
        swarm.fetchMetainfo(
            SwarmId.of(hash),
            hash,
            List.of(peer(hash, serving(bytes(info)))),
            parts -> {
              throw full;
            });
    assertThatThrownBy(() -> fetching.get(60, TimeUnit.SECONDS)).hasCause(full);
    assertThat(swarm.refused(RejectReason.METAINFO)).isZero();
  }

  private InetSocketAddress peer(InfoHash hash, RawPeer.Script script) throws Exception {
    var peer = new RawPeer(hash, script);
    peers.add(peer);
    return peer.address();
  }

  static RawPeer.Script claiming(int size) {
    return connection -> {
      connection.send(hello(size));
      connection.awaitEnd();
    };
  }

  static RawPeer.Script serving(byte[] info) {
    return connection -> {
      connection.send(hello(info.length));
      while (true) {
        if (!(connection.next() instanceof Message.Extended(var id, var payload))) {
          continue;
        }
        if (id != THEIR_ID) {
          continue;
        }
        var asked = MetadataExchange.Header.decode(ByteBuffer.wrap(payload)).block();
        var from = Math.min(asked * MetadataExchange.BLOCK, info.length);
        var count = Math.min(MetadataExchange.BLOCK, info.length - from);
        var header =
            new MetadataExchange.Header(MetadataExchange.DATA, asked, info.length).encode();
        var answer = ByteBuffer.allocate(header.length + count).put(header).put(info, from, count);
        connection.send(new Message.Extended(ExtensionHandshake.UT_METADATA, answer.array()));
      }
    };
  }

  private static Message hello(int size) {
    return new Message.Extended(
        0, new ExtensionHandshake(THEIR_ID, size, 0, 250, 0, Location.NOWHERE, 0).encode());
  }

  private static Metainfo manyFiles() throws Exception {
    var builder = new InfoBuilder("many", 16 << 10);
    for (var i = 0; i < 1000; i++) {
      builder.file("file" + i, 100, false);
    }
    return builder.layout();
  }

  private static byte[] oneFile(List<String> names) {
    var out = new BencodeWriter().dictionary().key("files").list().dictionary();
    out.key("length").integer(5).key("path").list();
    names.forEach(out::text);
    out.end().end().end().key("name").text("n").key("piece length").integer(16);
    return out.key("pieces").bytes(new byte[20]).end().toBytes();
  }

  private static byte[] bytes(Metainfo info) {
    var bytes = new byte[info.infoBytes().remaining()];
    info.infoBytes().get(bytes);
    return bytes;
  }
}

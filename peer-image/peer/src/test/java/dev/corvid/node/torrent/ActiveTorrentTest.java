package dev.corvid.node.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.Torrent;
import dev.corvid.node.SampleRelease;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActiveTorrentTest {
  private final SampleRelease release = new SampleRelease(1, 3, 20_000);
  private final ActiveTorrent activeTorrent =
      new ActiveTorrent(release.metainfo, new Whole(release.whole()));
  private Swarm swarm;

  @BeforeEach
  void open() throws IOException {
    swarm =
        Swarm.open(
            SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  @AfterEach
  void close() {
    activeTorrent.close();
    swarm.close();
  }

  /** The first pieces may be there before the one that joins has its torrent. */
  @Test
  void pausesATorrentThatIsJustBeingJoined() throws Exception {
    var pausing = new AtomicReference<Thread>();
    activeTorrent.join(
        () -> {
          Torrent torrent = join();
          pausing.set(Thread.ofPlatform().start(activeTorrent::pause));
          await().until(() -> isBlockedOrOver(pausing.get()));
          return torrent;
        });
    pausing.get().join();
    assertThat(activeTorrent.torrent()).isNull();
    join().close();
  }

  private Torrent join() {
    return swarm.add(
        release.metainfo, release.whole(), TorrentOptions.defaults(), new TorrentListener() {});
  }

  private static boolean isBlockedOrOver(Thread thread) {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TERMINATED -> true;
      default -> false;
    };
  }

  private record Whole(Storage storage) implements Storage, Closeable {
    @Override
    public BitSet verified() {
      return storage.verified();
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
      storage.write(offset, data);
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      storage.read(offset, target);
    }

    @Override
    public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
      return storage.transferTo(offset, count, target);
    }

    @Override
    public void pieceVerified(int piece) throws IOException {
      storage.pieceVerified(piece);
    }

    @Override
    public void close() {}
  }
}

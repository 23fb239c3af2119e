package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.wire.Handshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One content in two swarms, each with a name of its own, in one process. */
class PrivateSwarmTest {
  private static final SwarmId OURS = SwarmId.ofHex("5e".repeat(20));
  private static final SwarmId THEIRS = SwarmId.ofHex("7a".repeat(20));

  @TempDir Path directory;
  private Sample sample;
  private Swarm holder;

  @BeforeEach
  void twoReleasesOfOneContent() throws Exception {
    sample = Sample.of(1_000_003, 64 << 10);
    holder = TestPeer.swarm();
    join(holder, OURS, "ours", sample.all());
    join(holder, THEIRS, "theirs", sample.none());
  }

  @AfterEach
  void stop() {
    holder.close();
  }

  private CompletableFuture<Void> join(Swarm swarm, SwarmId id, String name, BitSet held)
      throws Exception {
    var file = directory.resolve(name);
    java.nio.file.Files.write(file, sample.holding(held));
    var completed = new CompletableFuture<Void>();
    var listener =
        new TorrentListener() {
          @Override
          public void completed() {
            completed.complete(null);
          }
        };
    swarm
        .add(
            id, sample.metainfo(), new FileStorage(file, held), TorrentOptions.defaults(), listener)
        .addNeighbours(List.of(holder.address()));
    return completed;
  }

  @Test
  void whoKnowsTheNameOfTheSwarmGetsTheContent() throws Exception {
    var infoHash = sample.metainfo().infoHash();
    try (var swarm = TestPeer.swarm()) {
      var fetched =
          swarm.fetchMetainfo(OURS, infoHash, List.of(holder.address()), MetainfoKeeper.IN_MEMORY);
      assertThat(fetched.get(60, TimeUnit.SECONDS).infoHash()).isEqualTo(infoHash);
      join(swarm, OURS, "friend", sample.none()).get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStrangerGetsNothing() throws Exception {
    assertThat(answerTo(SwarmId.of(sample.metainfo().infoHash()))).isEmpty();
  }

  @Test
  void unknownAndForbiddenLookAlike() throws Exception {
    assertThat(answerTo(SwarmId.of(InfoHash.of(new byte[20]))))
        .isEqualTo(answerTo(SwarmId.of(sample.metainfo().infoHash())));
  }

  @Test
  void theOtherSwarmOfTheSameContentIsNoneOfItsBusiness() throws Exception {
    try (var swarm = TestPeer.swarm()) {
      var done = join(swarm, THEIRS, "stranger", sample.none());
      var met = join(swarm, OURS, "friend", sample.none());
      met.get(60, TimeUnit.SECONDS);
      assertThat(done).isNotDone();
    }
  }

  /** As long as a node has no metainfo it waits for those that know the name, and for no others. */
  @Test
  void aFetchOfMetainfoAnswersNoStranger() throws Exception {
    var infoHash = Sample.of(70_001, 16 << 10).metainfo().infoHash();
    var id = SwarmId.ofHex("c3".repeat(20));
    var fetching = holder.fetchMetainfo(id, infoHash, List.of(), MetainfoKeeper.IN_MEMORY);
    try {
      assertThat(answerTo(SwarmId.of(infoHash))).isEmpty();
      assertThat(answerTo(SwarmId.of(InfoHash.of(new byte[20])))).isEmpty();
      try (var friend = RawPeer.RawConnection.dial(holder.address())) {
        assertThat(friend.greet(id.bytes()).swarm()).isEqualTo(id);
      }
      assertThat(fetching).isNotDone();
    } finally {
      fetching.cancel(false);
    }
  }

  /** All that comes back for a whole handshake, until the other side hangs up. */
  private byte[] answerTo(SwarmId asked) throws Exception {
    InetSocketAddress address = holder.address();
    try (var connection = RawPeer.RawConnection.dial(address)) {
      var handshake = ByteBuffer.allocate(Handshake.BYTES);
      new Handshake(asked, PeerId.random(new Random(7)), true, true).encode(handshake);
      // One part after the other: the answer is due after the first.
      connection.socket.getOutputStream().write(handshake.array(), 0, Handshake.FIRST_PART);
      return connection.socket.getInputStream().readAllBytes();
    }
  }
}

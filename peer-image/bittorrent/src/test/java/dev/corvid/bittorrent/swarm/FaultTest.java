package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.wire.Message;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bad neighbour, and what the others make of it. */
@Tag("slow")
class FaultTest {
  @TempDir Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var each : started) {
      each.close();
    }
  }

  private TestPeer start(Sample sample, BitSet held) throws Exception {
    return start(sample, held, UnaryOperator.identity(), TorrentOptions.defaults());
  }

  private TestPeer start(
      Sample sample, BitSet held, UnaryOperator<Storage> wrapping, TorrentOptions options)
      throws Exception {
    var peer = TestPeer.start(directory, sample, held, wrapping, options);
    started.add(peer);
    return peer;
  }

  @Test
  void aPeerThatAcceptsAndNeverReadsHoldsNobody() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var release = new CountDownLatch(1);
    var frozen =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.introduce(Message.Signal.HAVE_ALL);
              connection.send(Message.Signal.INTERESTED);
              for (var i = 0; i < 8; i++) {
                connection.send(Message.Signal.UNCHOKE);
              }
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    started.add(frozen);
    var seeder = start(sample, sample.all());
    var leechers = new ArrayList<TestPeer>();
    for (var i = 0; i < 4; i++) {
      leechers.add(start(sample, sample.none()));
    }
    for (var leecher : leechers) {
      leecher.torrent.addNeighbours(List.of(frozen.address()));
      leecher.knows(seeder).knows(leechers.toArray(TestPeer[]::new));
    }

    for (var leecher : leechers) {
      leecher.awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    }
    release.countDown();
  }

  @Test
  void whoIsSlowToIntroduceItselfHearsOfWhatCameMeanwhile() throws Exception {
    var sample = Sample.of(1 << 20, 256 << 10);
    var peer = start(sample, sample.none());
    try (var slow = RawPeer.RawConnection.dial(peer.address())) {
      slow.greet(sample.metainfo().infoHash());
      assertThat(slow.next()).isEqualTo(Message.Signal.HAVE_NONE);

      peer.knows(start(sample, sample.all())).awaitCompletion();
      slow.introduce(Message.Signal.HAVE_NONE);

      assertThat(slow.nextHaves(sample.pieces())).isEqualTo(sample.all());
    }
  }

  @Test
  void whoIsSlowToIntroduceItselfHearsOfAllThatASeederHidesNoLonger() throws Exception {
    var sample = Sample.of(1 << 20, 256 << 10);
    var superSeed = TorrentOptions.defaults().withSuperSeed(true);
    var seeder = start(sample, sample.all(), UnaryOperator.identity(), superSeed);
    try (var slow = RawPeer.RawConnection.dial(seeder.address())) {
      slow.greet(sample.metainfo().infoHash());
      assertThat(slow.next()).isEqualTo(Message.Signal.HAVE_NONE);

      start(sample, sample.none()).knows(seeder).awaitCompletion();
      slow.introduce(Message.Signal.HAVE_NONE);

      assertThat(slow.nextHaves(sample.pieces())).isEqualTo(sample.all());
    }
  }

  @Test
  void aStrangerHearsOfAllBesideAnotherThatTakesBytesAllTheTime() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var superSeed = TorrentOptions.defaults().withLimits(0, 32 << 10).withSuperSeed(true);
    var seeder = start(sample, sample.all(), UnaryOperator.identity(), superSeed);
    try (var slow = RawPeer.RawConnection.dial(seeder.address());
        var other = RawPeer.RawConnection.dial(seeder.address())) {
      joinAsStranger(slow, sample);
      while (slow.next() != Message.Signal.UNCHOKE) {}
      for (var piece = 0; piece < sample.pieces(); piece++) {
        slow.send(new Message.Request(piece, 0, 16 << 10));
      }

      joinAsStranger(other, sample);

      assertThat(other.nextHaves(sample.pieces())).isEqualTo(sample.all());
    }
  }

  private static void joinAsStranger(RawPeer.RawConnection connection, Sample sample)
      throws Exception {
    connection.greet(sample.metainfo().infoHash());
    connection.send(Message.Signal.HAVE_NONE);
    connection.send(Message.Signal.INTERESTED);
  }

  @Test
  void anAddressThatNeverAnswersHoldsNobody() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var silent = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
    started.add(silent);
    var seeder = start(sample, sample.all());
    var leecher = start(sample, sample.none());
    leecher.torrent.addNeighbours(
        List.of(new java.net.InetSocketAddress(silent.getInetAddress(), silent.getLocalPort())));
    leecher.knows(seeder);

    leecher.awaitCompletion();
  }

  @Test
  void aSenderOfCorruptPiecesIsBannedAndTheCopyIsRight() throws Exception {
    var sample = Sample.of(8 << 20, 128 << 10);
    var corrupt = start(sample, sample.all(), Corrupting::new, TorrentOptions.defaults());
    var leecher = start(sample, sample.none()).knows(corrupt);
    await().until(() -> leecher.torrent.stats().bannedPeers() == 1);
    assertThat(leecher.torrent.stats().corruptPieces()).isPositive();

    var seeder = start(sample, sample.all());
    leecher.knows(seeder);

    leecher.awaitCompletion();
    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().bannedPeers()).isEqualTo(1);
  }

  @Test
  void thePeersFinishWhenTheSeederDiesAfterOneCopy() throws Exception {
    var sample = Sample.of(8 << 20, 128 << 10);
    var seeder =
        start(
            sample,
            sample.all(),
            UnaryOperator.identity(),
            TorrentOptions.defaults().withLimits(0, 8 << 20).withSuperSeed(true));
    var leechers = new ArrayList<TestPeer>();
    for (var i = 0; i < 4; i++) {
      leechers.add(
          start(
              sample,
              sample.none(),
              UnaryOperator.identity(),
              TorrentOptions.defaults().withLimits(0, 4 << 20)));
    }
    for (var leecher : leechers) {
      leecher.knows(seeder).knows(leechers.toArray(TestPeer[]::new));
    }

    await().until(() -> seeder.torrent.stats().uploaded() >= sample.bytes().length * 5L / 4);
    seeder.close();

    for (var leecher : leechers) {
      leecher.awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    }
  }

  @Test
  void inAFullHouseWhoIsOfNoUseMakesRoomForANewcomer() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var silent =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.introduce(Message.Signal.HAVE_ALL);
              connection.awaitEnd();
            });
    started.add(silent);
    var options = TorrentOptions.defaults().withConnections(1, 1);
    var leecher = start(sample, sample.none(), UnaryOperator.identity(), options);
    leecher.torrent.addNeighbours(List.of(silent.address()));
    await().until(() -> leecher.torrent.stats().neighbours() == 1);

    start(sample, sample.pieces(0, 15)).knows(leecher);

    // Before a neighbour that is merely idle would have to go, after 30 s.
    await()
        .atMost(Duration.ofSeconds(25))
        .until(() -> leecher.torrent.stats().verifiedPieces() == 15);
  }

  @Test
  void aBlockThatTwoSentIsAskedForAgainWhenTheOneThatWasListenedToLeaves() throws Exception {
    var sample = Sample.of(64 << 10, 64 << 10);
    var askedFirst = new CountDownLatch(1);
    var askedForAll = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    var leaving =
        stranger(
            sample,
            connection -> {
              var first = connection.nextRequest();
              askedFirst.countDown();
              passes(askedForAll);
              connection.beginBlock(first, Arrays.copyOf(sample.bytes(), PartialPiece.UNIT));
              connection.awaitEnd();
            });
    var staying =
        stranger(
            sample,
            connection -> {
              for (var request = connection.nextRequest(); ; request = connection.nextRequest()) {
                if (request.begin() == 0) {
                  askedForAll.countDown();
                  passes(begun);
                }
                connection.sendBlock(request, sample.block(request));
              }
            });
    var leecher = start(sample, sample.none());
    leecher.torrent.addNeighbours(List.of(leaving.address()));
    passes(askedFirst);
    leecher.torrent.addNeighbours(List.of(staying.address()));
    var length = sample.bytes().length;
    await().until(() -> leecher.torrent.stats().downloaded() > length - Message.BLOCK);
    begun.countDown();
    await().until(() -> leecher.torrent.stats().wasted() >= Message.BLOCK);
    leaving.close();

    leecher.awaitCompletion();
    assertThat(sample.matches(leecher.content())).isTrue();
  }

  @Test
  void aStrangerThatRejectsAllIsNotAskedAgainAtOnce() throws Exception {
    var sample = Sample.of(256 << 10, 64 << 10);
    var rejects = new AtomicInteger();
    var stranger =
        stranger(
            sample,
            connection -> {
              var serves = false;
              for (var last = System.nanoTime(); ; last = System.nanoTime()) {
                var request = connection.nextRequest();
                var paused = System.nanoTime() - last > TimeUnit.MILLISECONDS.toNanos(500);
                serves |= paused || rejects.get() == 1000;
                if (serves) {
                  connection.sendBlock(request, sample.block(request));
                } else {
                  rejects.incrementAndGet();
                  connection.send(
                      new Message.Reject(request.piece(), request.begin(), request.length()));
                }
              }
            });
    var leecher = start(sample, sample.none());
    leecher.torrent.addNeighbours(List.of(stranger.address()));

    leecher.awaitCompletion();
    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(rejects).hasValueLessThanOrEqualTo(sample.bytes().length / Message.BLOCK);
  }

  /** Has everything, and is ready to send. */
  private RawPeer stranger(Sample sample, RawPeer.Script script) throws Exception {
    var peer =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.send(Message.Signal.HAVE_ALL);
              connection.send(Message.Signal.UNCHOKE);
              script.run(connection);
            });
    started.add(peer);
    return peer;
  }

  private static void passes(CountDownLatch event) {
    try {
      event.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFullDiskStopsTheTorrentAndNamesTheCause() throws Exception {
    var sample = Sample.of(4 << 20, 128 << 10);
    var seeder = start(sample, sample.all());
    var leecher =
        start(sample, sample.none(), FullDisk::new, TorrentOptions.defaults()).knows(seeder);

    assertThat(leecher.storageFailure.get(60, TimeUnit.SECONDS))
        .hasMessage("No space left on device");
    await().until(() -> leecher.torrent.stats().neighbours() == 0);
  }

  /** Reads what was not written: every byte of the first block of a piece is flipped. */
  private record Corrupting(Storage inner) implements ForwardingStorage {
    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      var from = target.position();
      inner.read(offset, target);
      for (var i = from; i < target.position(); i++) {
        target.put(i, (byte) ~target.get(i));
      }
    }

    @Override
    public long transferTo(long offset, long count, java.nio.channels.WritableByteChannel target)
        throws IOException {
      var bytes = ByteBuffer.allocate((int) count);
      read(offset, bytes);
      return target.write(bytes.flip());
    }
  }

  private record FullDisk(Storage inner) implements ForwardingStorage {
    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
      if (offset > 1 << 20) {
        throw new IOException("No space left on device");
      }
      inner.write(offset, data);
    }
  }
}

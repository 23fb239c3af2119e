package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.wire.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neighbours that want the place of another, and what the others make of it. */
@Tag("slow")
class HostileNeighboursTest {
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.66");
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  /** The larger peer id of two falls to either with the same chance: more pairs are not needed. */
  private static final int ENOUGH = 64;

  @TempDir Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();
  private Sample sample;
  private TestPeer seeder;

  @BeforeEach
  void seed() throws Exception {
    sample = Sample.of(1 << 20, 32 << 10);
    seeder = seeding();
  }

  private TestPeer seeding() throws Exception {
    return start(sample.all(), TorrentOptions.defaults().withLimits(0, 2 << 20));
  }

  @AfterEach
  void stop() throws Exception {
    for (var each : started) {
      each.close();
    }
  }

  private TestPeer start(java.util.BitSet held, TorrentOptions options) throws Exception {
    var peer = TestPeer.start(directory, sample, held, UnaryOperator.identity(), options);
    started.add(peer);
    return peer;
  }

  /** A connection that says a peer id and nothing else; it may be refused at once. */
  private void posing(TestPeer victim, PeerId id, InetAddress from) throws IOException {
    var connection = RawPeer.RawConnection.dial(victim.address(), from);
    started.add(connection);
    connection.greet(sample.metainfo().infoHash(), id);
    try {
      connection.introduce(Message.Signal.HAVE_NONE);
    } catch (IOException e) {
      // Refused.
    }
  }

  private PeerId idOf(TestPeer peer) throws IOException {
    try (var asking = RawPeer.RawConnection.dial(peer.address(), ELSEWHERE)) {
      return asking.greet(sample.metainfo().infoHash()).peerId();
    }
  }

  /** Draws the seeder's id too: beside one that is near the largest, no other would be larger. */
  private TestPeer leecher(boolean withLargerId) throws Exception {
    for (var i = 0; i < ENOUGH; i++) {
      var leecher = start(sample.none(), TorrentOptions.defaults());
      if (idOf(leecher).compareTo(idOf(seeder)) > 0 == withLargerId) {
        return leecher;
      }
      leecher.close();
      seeder.close();
      seeder = seeding();
    }
    throw new AssertionError("no such peer id");
  }

  @Test
  void aPeerIdIsNoIdentity() throws Exception {
    for (var from : List.of(ELSEWHERE, HERE)) {
      for (var larger : List.of(true, false)) {
        var leecher = leecher(larger).knows(seeder);
        await().until(() -> leecher.torrent.stats().verifiedPieces() > 0);
        posing(leecher, idOf(seeder), from);
        posing(seeder, idOf(leecher), from);
        leecher.awaitCompletion();
      }
    }
  }

  @Test
  void aPeerIdIsNoIdentityWhoeverComesFirst() throws Exception {
    for (var from : List.of(ELSEWHERE, HERE)) {
      for (var larger : List.of(true, false)) {
        var leecher = leecher(larger);
        posing(leecher, idOf(seeder), from);
        posing(seeder, idOf(leecher), from);
        leecher.knows(seeder).awaitCompletion();
      }
    }
  }

  @Test
  void twoThatDialEachOtherKeepOneConnection() throws Exception {
    for (var larger : List.of(true, false)) {
      var leecher = leecher(larger);
      seeder.knows(leecher);
      leecher.knows(seeder);
      await().until(() -> leecher.torrent.stats().verifiedPieces() > 8);
      assertThat(leecher.torrent.stats().neighbours()).isEqualTo(1);
      leecher.awaitCompletion();
      leecher.close();
      await().until(() -> seeder.torrent.stats().neighbours() == 0);
    }
  }

  /** 64 connections that take a block now and then; another peer comes all the same. */
  @Test
  void strangersCannotFillTheHouse() throws Exception {
    for (var i = 0; i < 64; i++) {
      trickling(InetAddress.ofLiteral("127.0.0." + (100 + i / 8)));
    }
    await().until(() -> seeder.torrent.stats().neighbours() >= 59);

    var unnamed = start(sample.none(), TorrentOptions.defaults()).knows(seeder);
    hasAPlace(unnamed);
    var named = start(sample.none(), TorrentOptions.defaults());
    seeder.knows(named);
    hasAPlace(named);

    unnamed.awaitCompletion();
    named.awaitCompletion();
    assertThat(seeder.torrent.stats().neighbours()).isLessThanOrEqualTo(60);
  }

  /** And keeps it: it would be refused within a few milliseconds. */
  private static void hasAPlace(TestPeer peer) {
    await().during(Duration.ofMillis(300)).until(() -> peer.torrent.stats().neighbours() == 1);
  }

  /** Each is read from no more than it may send: what it writes beyond stays on its side. */
  @Test
  void messagesAreRationed() throws Exception {
    for (var kind :
        List.of(
            List.<Message>of(new Message.Have(0)),
            List.<Message>of(Message.Signal.INTERESTED, Message.Signal.NOT_INTERESTED),
            List.<Message>of(RawPeer.RawConnection.extensions()))) {
      var before = seeder.swarm.refused(RejectReason.FLOOD);
      var written = new AtomicLong();
      flooding(kind, written);
      await().until(() -> seeder.swarm.refused(RejectReason.FLOOD) > before);
      await()
          .until(
              () -> {
                var then = written.get();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                return written.get() == then;
              });
      assertThat(seeder.swarm.refused(RejectReason.FLOOD)).isLessThanOrEqualTo(before + 2);
    }
    start(sample.none(), TorrentOptions.defaults()).knows(seeder).awaitCompletion();
  }

  private void flooding(List<Message> messages, AtomicLong written) throws IOException {
    var connection = RawPeer.RawConnection.dial(seeder.address(), ELSEWHERE);
    started.add(connection);
    connection.greet(sample.metainfo().infoHash());
    connection.introduce(Message.Signal.HAVE_NONE);
    var many = ByteBuffer.allocate(64 << 10);
    var size = messages.stream().mapToInt(Message::size).sum();
    while (many.remaining() >= size) {
      for (var message : messages) {
        message.encode(many);
      }
    }
    Thread.startVirtualThread(
        () -> {
          try {
            while (true) {
              connection.socket.getOutputStream().write(many.array(), 0, many.position());
              written.addAndGet(many.position());
            }
          } catch (IOException e) {
            // Hung up on.
          }
        });
  }

  @Test
  void aPeerThatAnnouncesAHundredThousandPiecesIsNotHeldBack() throws Exception {
    var many = Sample.of(1_600_000, 16);
    try (var peer = TestPeer.start(directory, many, many.all());
        var connection = RawPeer.RawConnection.dial(peer.address())) {
      connection.greet(many.metainfo().infoHash());
      connection.introduce(Message.Signal.HAVE_NONE);
      var haves = ByteBuffer.allocate(9 * (many.pieces() - 1));
      for (var piece = 1; piece < many.pieces(); piece++) {
        new Message.Have(piece).encode(haves);
      }
      connection.socket.getOutputStream().write(haves.array());
      connection.send(new Message.Request(0, 0, 16));
      Message answer;
      do {
        answer = connection.next();
      } while (!(answer instanceof Message.Reject));
      assertThat(peer.swarm.refused(RejectReason.FLOOD)).isZero();
    }
  }

  private void trickling(InetAddress from) throws IOException {
    var connection = RawPeer.RawConnection.dial(seeder.address(), from);
    started.add(connection);
    Thread.startVirtualThread(
        () -> {
          try {
            connection.socket.setSoTimeout(0);
            connection.greet(sample.metainfo().infoHash());
            connection.introduce(Message.Signal.HAVE_NONE);
            for (var piece = 0; ; piece = (piece + 1) % sample.pieces()) {
              connection.send(Message.Signal.INTERESTED);
              while (connection.next() != Message.Signal.UNCHOKE) {}
              connection.send(new Message.Request(piece, 0, 16384));
              connection.send(Message.Signal.NOT_INTERESTED);
              connection.send(new Message.Have(piece));
              LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(8));
            }
          } catch (IOException e) {
            // Hung up on, as it should be.
          }
        });
  }
}

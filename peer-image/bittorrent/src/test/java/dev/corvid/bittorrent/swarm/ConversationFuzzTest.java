package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.Location;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.MetadataExchange;
import dev.corvid.fuzz.Mutation;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged conversations over real sockets, after a handshake that is right: they end or are
 * ignored, no handler fails, and an honest peer is served afterwards.
 */
class ConversationFuzzTest {
  private static final long SEED = Long.getLong("corvid.fuzz.seed", 20260701);
  private static final int CONVERSATIONS = 1500 * Integer.getInteger("corvid.fuzz.times", 1);
  private static final Logger LOOP = Logger.getLogger(Loop.class.getName());

  /** What a handler that failed is logged as. */
  private static final class Failures extends Handler {
    final ConcurrentLinkedQueue<LogRecord> records = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
        records.add(record);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @TempDir Path directory;
  private final Failures failures = new Failures();
  private Sample sample;

  @BeforeEach
  void listen() throws Exception {
    sample = Sample.of(1 << 20, 64 << 10);
    LOOP.addHandler(failures);
  }

  @AfterEach
  void noHandlerFailed() {
    LOOP.removeHandler(failures);
    assertThat(failures.records).as("seed %d", SEED).extracting(LogRecord::getThrown).isEmpty();
  }

  @Test
  void withASeed() throws Exception {
    try (var seeder = TestPeer.start(directory, sample, sample.all())) {
      converse(seeder, talk(receiver(true)), talk(receiver(false)));
      try (var leecher = TestPeer.start(directory, sample, sample.none()).knows(seeder)) {
        leecher.awaitCompletion();
      }
    }
  }

  @Test
  void withALeecherThatTakesThemForSeeds() throws Exception {
    try (var leecher = TestPeer.start(directory, sample, sample.none());
        var seeder = TestPeer.start(directory, sample, sample.all())) {
      converse(leecher, talk(sender(true)), talk(sender(false)), talk(receiver(true)));
      leecher.knows(seeder).awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    }
  }

  private void converse(TestPeer victim, byte[]... talks) throws IOException {
    var junk = new byte[300 << 10];
    new Random(SEED).nextBytes(junk);
    for (var i = 0; i < CONVERSATIONS; i++) {
      var random = new SplittableRandom(SEED + i);
      var handshake = ByteBuffer.allocate(Handshake.BYTES);
      var id = PeerId.random(random);
      new Handshake(SwarmId.of(sample.metainfo().infoHash()), id, i % 3 > 0, i % 5 > 0)
          .encode(handshake);
      try (var socket = new Socket(victim.address().getAddress(), victim.address().getPort())) {
        var out = socket.getOutputStream();
        out.write(handshake.array());
        out.write(new Mutation(talks, random).next());
        if (i % 50 == 0) {
          out.write(junk);
        }
        // Keep-alives. A connection may send two thousand messages a second, and more are read
        // late.
        if (i % 50 == 25) {
          out.write(new byte[32 << 10]);
        }
      } catch (IOException e) {
        // Hung up on while writing.
      }
    }
    await().until(() -> victim.torrent.stats().neighbours() == 0);
  }

  private List<Message> receiver(boolean own) {
    var request = new Message.Request(3, 0, 16384);
    return List.of(
        Message.Signal.HAVE_NONE,
        hello(own),
        Message.Signal.INTERESTED,
        request,
        request,
        new Message.Cancel(3, 0, 16384),
        new Message.Have(3),
        new Message.Extended(
            1, new MetadataExchange.Header(MetadataExchange.REQUEST, 0, 0).encode()),
        Message.Signal.NOT_INTERESTED);
  }

  private List<Message> sender(boolean own) {
    return List.of(
        Message.Signal.HAVE_ALL,
        hello(own),
        Message.Signal.UNCHOKE,
        new Message.Reject(1, 0, 16384),
        Message.Signal.CHOKE,
        Message.Signal.UNCHOKE,
        new Message.Have(2),
        new Message.Bitfield(new byte[] {1, 2}));
  }

  private static Message hello(boolean own) {
    var block = own ? 256 << 10 : 0;
    return new Message.Extended(
        0, new ExtensionHandshake(1, 0, block, 250, 0, Location.NOWHERE, 0).encode());
  }

  /** With two blocks behind it, which may have been asked for by then. */
  private static byte[] talk(List<Message> messages) {
    var out = ByteBuffer.allocate(64 << 10);
    messages.forEach(message -> message.encode(out));
    for (var piece = 0; piece < 2; piece++) {
      out.putInt(9 + 16384).put((byte) Message.PIECE).putInt(piece).putInt(0).put(new byte[16384]);
    }
    var bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }
}

package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.net.HandshakeConnection;
import dev.corvid.fuzz.HostileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends, it is a message or the end of its connection. */
@Tag("slow")
class WireFuzzTest {
  private static final int BITFIELD_BYTES = 13;
  private static final int LARGEST_BLOCK = 256 << 10;

  /** Consumes everything, and insists on what the reader promises. */
  private static final class Strict implements FrameReader.Sink {
    private int blockLeft;

    @Override
    public void message(Message message) {
      if (blockLeft != 0) {
        throw new AssertionError(message + " within a block");
      }
      if (message instanceof Message.Bitfield(var bits) && bits.length != BITFIELD_BYTES) {
        throw new AssertionError("a bitfield of " + bits.length + " bytes");
      }
    }

    @Override
    public void blockBegins(int piece, int begin, int length) {
      if (length <= 0 || length > FrameReader.MAX_EXTENDED && length > LARGEST_BLOCK) {
        throw new AssertionError("a block of " + length + " bytes");
      }
      blockLeft = length;
    }

    @Override
    public void blockBytes(ByteBuffer bytes) {
      blockLeft -= bytes.remaining();
      if (blockLeft < 0) {
        throw new AssertionError("more bytes than the block has");
      }
      bytes.position(bytes.limit());
    }
  }

  @Test
  void handshakes() throws Exception {
    var hash = InfoHash.of(new byte[20]);
    var handshake = new Handshake(SwarmId.of(hash), PeerId.random(new Random(3)), true, true);
    var bytes = ByteBuffer.allocate(Handshake.BYTES);
    handshake.encode(bytes);
    HostileBytes.like(bytes.array())
        .refusedBy(IOException.class)
        .into(50_000, received -> readHandshake(ByteBuffer.wrap(received)));
  }

  /** As {@link HandshakeConnection} does: the swarm as soon as it is there, the rest when it is. */
  private static void readHandshake(ByteBuffer in) throws IOException {
    if (in.remaining() < Handshake.FIRST_PART) {
      throw new IOException("too short to be looked at");
    }
    Handshake.swarm(in.duplicate());
    if (in.remaining() < Handshake.BYTES) {
      throw new IOException("too short to be looked at");
    }
    Handshake.decode(in.limit(Handshake.BYTES));
  }

  @Test
  void messagesHoweverTheyAreCut() throws Exception {
    HostileBytes.like(WireTest.encoded(WireTest.every()), block(100), block(1))
        .refusedBy(ProtocolException.class)
        .into(250_000, received -> readCut(received, BITFIELD_BYTES));
  }

  @Test
  void messagesOfATorrentThatIsNotKnownYet() throws Exception {
    HostileBytes.like(WireTest.encoded(WireTest.every()), block(100))
        .refusedBy(ProtocolException.class)
        .into(50_000, received -> new FrameReader(-1, Message.BLOCK).feed(wrap(received), IGNORED));
  }

  private static final FrameReader.Sink IGNORED =
      new FrameReader.Sink() {
        @Override
        public void message(Message message) {}

        @Override
        public void blockBegins(int piece, int begin, int length) {}

        @Override
        public void blockBytes(ByteBuffer bytes) {
          bytes.position(bytes.limit());
        }
      };

  private static void readCut(byte[] received, int bitfieldBytes) throws IOException {
    var reader = new FrameReader(bitfieldBytes, LARGEST_BLOCK);
    var sink = new Strict();
    var cut = received.length == 0 ? 0 : Math.floorMod(received[received.length / 2], 40) + 1;
    for (var at = 0; at < received.length; at += cut) {
      reader.feed(ByteBuffer.wrap(received, at, Math.min(cut, received.length - at)), sink);
    }
  }

  @Test
  void extensionHandshakes() throws Exception {
    HostileBytes.like(
            new ExtensionHandshake(
                    1, 12345, LARGEST_BLOCK, 250, 6881, new Location("a-1", "0a1b"), 2)
                .encode(),
            "d1:md11:ut_metadatai3e6:ut_pexi1ee1:pi51413e4:reqqi500e1:v15:libtorrent/2.0.e"
                .getBytes())
        .refusedBy(IOException.class)
        .into(75_000, received -> ExtensionHandshake.decode(received));
  }

  @Test
  void metadataMessages() throws Exception {
    var metadata = new MetadataExchange(ByteBuffer.allocate(50_000));
    HostileBytes.like(
            new MetadataExchange.Header(MetadataExchange.REQUEST, 1, 0).encode(),
            new MetadataExchange.Header(MetadataExchange.REQUEST, 3, 0).encode(),
            new MetadataExchange.Header(MetadataExchange.DATA, 2, 50_000).encode())
        .refusedBy(IOException.class)
        .into(75_000, received -> metadata.answer(received, false));
  }

  private static byte[] block(int length) {
    var bytes = ByteBuffer.allocate(13 + length).putInt(9 + length).put((byte) Message.PIECE);
    return bytes.putInt(5).putInt(16384).array();
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }
}

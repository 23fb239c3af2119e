package dev.corvid.bittorrent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bt.bencoding.model.BEObject;
import bt.bencoding.types.BEInteger;
import bt.bencoding.types.BEMap;
import bt.bencoding.types.BEString;
import bt.data.PeerBitfield;
import bt.magnet.UtMetadata;
import bt.metainfo.TorrentId;
import bt.protocol.BitOrder;
import bt.protocol.Bitfield;
import bt.protocol.Cancel;
import bt.protocol.Choke;
import bt.protocol.Have;
import bt.protocol.Interested;
import bt.protocol.KeepAlive;
import bt.protocol.NotInterested;
import bt.protocol.Piece;
import bt.protocol.Request;
import bt.protocol.Unchoke;
import bt.protocol.extended.ExtendedHandshake;
import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.fuzz.RandomCases;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * bt-core reads what we write, and we read what bt-core writes: a mistake that our encoding and our
 * decoding share shows here. It has the messages of BEP 3, 9 and 10; none of BEP 6.
 */
class WireOracleTest {
  private static final int CASES = 10_000;
  private static final int BITFIELD_BYTES = 13;
  private static final int LARGEST_BLOCK = 256 << 10;

  private final BtCore btCore = new BtCore();

  @Test
  void itReadsTheHandshakesThatWeWrite() {
    RandomCases.run(
        CASES,
        random -> {
          var ours = handshake(random);
          var bytes = ByteBuffer.allocate(Handshake.BYTES);
          ours.encode(bytes);

          var theirs = (bt.protocol.Handshake) btCore.decode(bytes.array());

          assertThat(theirs.getTorrentId().getBytes()).isEqualTo(ours.swarm().bytes().toBytes());
          assertThat(theirs.getPeerId().getBytes()).isEqualTo(ours.peerId().toBytes());
          assertThat(theirs.isReservedBitSet(43)).isEqualTo(ours.extended());
          assertThat(theirs.isReservedBitSet(61)).isEqualTo(ours.fast());
        });
  }

  @Test
  void weReadTheHandshakesThatItWrites() {
    RandomCases.run(
        CASES,
        random -> {
          var expected = handshake(random);
          var theirs =
              new bt.protocol.Handshake(
                  new byte[8],
                  TorrentId.fromBytes(expected.swarm().bytes().toBytes()),
                  bt.net.PeerId.fromBytes(expected.peerId().toBytes()));
          if (expected.extended()) {
            theirs.setReservedBit(43);
          }
          if (expected.fast()) {
            theirs.setReservedBit(61);
          }

          assertThat(Handshake.decode(ByteBuffer.wrap(btCore.encode(theirs)))).isEqualTo(expected);
        });
  }

  @Test
  void itReadsTheMessagesThatWeWrite() {
    RandomCases.run(
        CASES,
        random -> {
          var message = message(random);
          var bytes = WireTest.encoded(List.of(message));

          assertThat(WireTest.encoded(List.of(ours(btCore.decode(bytes))))).isEqualTo(bytes);
        });
  }

  @Test
  void weReadTheMessagesThatItWrites() {
    RandomCases.run(
        CASES,
        random -> {
          var message = message(random);

          var read = new Reading(btCore.encode(theirs(message)));

          assertThat(WireTest.encoded(read.messages)).isEqualTo(WireTest.encoded(List.of(message)));
        });
  }

  @Test
  void weReadTheBlocksThatItWrites() {
    RandomCases.run(
        CASES / 10,
        random -> {
          var block = bytes(random, 1 + random.nextInt(Message.BLOCK));
          var piece = index(random);
          var begin = index(random);
          var theirs = new Piece(piece, begin, block.length, out -> out.put(block) != null);

          var read = new Reading(btCore.encode(theirs));

          assertThat(read.messages)
              .containsExactly(new Message.Request(piece, begin, block.length));
          assertThat(read.blocks.toByteArray()).isEqualTo(block);
        });
  }

  @Test
  void bothCountPiecesFromTheHighestBit() {
    RandomCases.run(
        CASES,
        random -> {
          var count = 1 + random.nextInt(8 * BITFIELD_BYTES);
          var pieces = new BitSet();
          random.ints(random.nextInt(count + 1), 0, count).forEach(pieces::set);

          var bits = Message.Bitfield.of(pieces, count).bits();

          var theirs = new PeerBitfield(bits, BitOrder.LITTLE_ENDIAN, count);
          assertThat(theirs.getBitmask()).isEqualTo(pieces);
          assertThat(theirs.toByteArray(BitOrder.LITTLE_ENDIAN)).isEqualTo(bits);
        });
  }

  @Test
  void itReadsTheExtensionHandshakesThatWeWrite() {
    RandomCases.run(
        CASES,
        random -> {
          var ours = extensionHandshake(random);

          var theirs = (ExtendedHandshake) btCore.decode(extended(0, ours.encode()));

          var data = theirs.getData();
          assertThat(((BEMap) data.get("m")).getValue())
              .containsExactly(Map.entry("ut_metadata", integer(ours.metadataId())));
          assertThat(data.get("metadata_size")).isEqualTo(orNone(ours.metadataSize()));
          assertThat(data.get("reqq")).isEqualTo(integer(ours.requestQueue()));
          assertThat(data.get("corvid_block")).isEqualTo(integer(ours.largestBlock()));
          assertThat(theirs.getPort()).isEqualTo(orNone(ours.port()));
        });
  }

  @Test
  void weReadTheExtensionHandshakesThatItWrites() {
    RandomCases.run(
        CASES,
        random -> {
          var expected = extensionHandshake(random);
          var theirs =
              ExtendedHandshake.builder()
                  .addMessageType("ut_metadata", expected.metadataId())
                  .addMessageType("ut_pex", 1 + random.nextInt(255))
                  .property("metadata_size", integer(expected.metadataSize()))
                  .property("p", integer(expected.port()))
                  .property("reqq", integer(expected.requestQueue()))
                  .property("v", new BEString("Bt 1.10"))
                  .property("corvid_block", integer(expected.largestBlock()))
                  .property("corvid_first", integer(expected.onlyFirst()))
                  .property("corvid_host", new BEString(expected.location().host()))
                  .property("corvid_zone", new BEString(expected.location().zone()))
                  .build();

          var read = new Reading(btCore.encode(theirs)).messages.getFirst();

          assertThat(read).isInstanceOf(Message.Extended.class);
          assertThat(ExtensionHandshake.decode(((Message.Extended) read).payload()))
              .isEqualTo(expected);
        });
  }

  @Test
  void metadataIsRequestedServedAndRefusedAlike() throws Exception {
    btCore.decode(
        extended(
            0,
            new ExtensionHandshake(ExtensionHandshake.UT_METADATA, 0, 0, 1, 0, Location.NOWHERE, 0)
                .encode()));
    RandomCases.run(
        CASES / 10,
        random -> {
          var info = bytes(random, 1 + random.nextInt(3 * MetadataExchange.BLOCK));
          var block = random.nextInt(4);
          var request = new Reading(btCore.encode(UtMetadata.request(block))).messages.getFirst();

          var answer =
              new MetadataExchange(ByteBuffer.wrap(info))
                  .answer(((Message.Extended) request).payload(), false)
                  .orElseThrow();

          var theirs = (UtMetadata) btCore.decode(extended(BtCore.UT_METADATA, answer));
          assertThat(theirs.getPieceIndex()).isEqualTo(block);
          if (block * MetadataExchange.BLOCK >= info.length) {
            assertThat(theirs.getType()).isEqualTo(UtMetadata.Type.REJECT);
            return;
          }
          assertThat(theirs.getTotalSize()).contains(info.length);
          assertThat(ByteBuffer.wrap(theirs.getData().orElseThrow()))
              .isEqualTo(
                  ByteBuffer.wrap(info)
                      .slice(
                          block * MetadataExchange.BLOCK,
                          Math.min(
                              MetadataExchange.BLOCK,
                              info.length - block * MetadataExchange.BLOCK)));
          itsData(theirs);
        });
  }

  /** What it serves is read by the header that we decode, and the rest. */
  private void itsData(UtMetadata data) throws Exception {
    var read = new Reading(btCore.encode(data)).messages.getFirst();
    var payload = ByteBuffer.wrap(((Message.Extended) read).payload());
    assertThat(MetadataExchange.Header.decode(payload))
        .isEqualTo(
            new MetadataExchange.Header(
                MetadataExchange.DATA, data.getPieceIndex(), data.getTotalSize().orElseThrow()));
    assertThat(payload).isEqualTo(ByteBuffer.wrap(data.getData().orElseThrow()));
  }

  private static Handshake handshake(RandomGenerator random) {
    return new Handshake(
        SwarmId.of(InfoHash.of(bytes(random, InfoHash.LENGTH))),
        PeerId.of(bytes(random, PeerId.LENGTH)),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private static ExtensionHandshake extensionHandshake(RandomGenerator random) {
    return new ExtensionHandshake(
        random.nextInt(256),
        index(random),
        random.nextBoolean() ? 0 : Message.BLOCK << random.nextInt(7),
        1 + random.nextInt(2000),
        random.nextInt(1 << 16),
        new Location(
            random.nextBoolean() ? "" : "zone-ü-" + random.nextInt(),
            random.nextBoolean() ? "" : Location.host("node-" + random.nextInt())),
        index(random));
  }

  /** A message of BEP 3, apart from PIECE. */
  private static Message message(RandomGenerator random) {
    return switch (random.nextInt(9)) {
      case 0 -> new Message.KeepAlive();
      case 1 -> Message.Signal.CHOKE;
      case 2 -> Message.Signal.UNCHOKE;
      case 3 -> Message.Signal.INTERESTED;
      case 4 -> Message.Signal.NOT_INTERESTED;
      case 5 -> new Message.Have(index(random));
      case 6 -> new Message.Bitfield(bytes(random, BITFIELD_BYTES));
      case 7 -> new Message.Request(index(random), index(random), 1 + index(random) / 2);
      default -> new Message.Cancel(index(random), index(random), 1 + index(random) / 2);
    };
  }

  /** Small ones as often as large ones. */
  private static int index(RandomGenerator random) {
    return random.nextInt() >>> 1 + random.nextInt(31);
  }

  private static byte[] bytes(RandomGenerator random, int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Message ours(bt.protocol.Message theirs) {
    return switch (theirs) {
      case KeepAlive _ -> new Message.KeepAlive();
      case Choke _ -> Message.Signal.CHOKE;
      case Unchoke _ -> Message.Signal.UNCHOKE;
      case Interested _ -> Message.Signal.INTERESTED;
      case NotInterested _ -> Message.Signal.NOT_INTERESTED;
      case Have have -> new Message.Have(have.getPieceIndex());
      case Bitfield bitfield -> new Message.Bitfield(bitfield.getBitfield());
      case Request it -> new Message.Request(it.getPieceIndex(), it.getOffset(), it.getLength());
      case Cancel it -> new Message.Cancel(it.getPieceIndex(), it.getOffset(), it.getLength());
      default -> throw new AssertionError(theirs);
    };
  }

  private static bt.protocol.Message theirs(Message ours) {
    return switch (ours) {
      case Message.KeepAlive _ -> KeepAlive.instance();
      case Message.Signal.CHOKE -> Choke.instance();
      case Message.Signal.UNCHOKE -> Unchoke.instance();
      case Message.Signal.INTERESTED -> Interested.instance();
      case Message.Signal.NOT_INTERESTED -> NotInterested.instance();
      case Message.Have(var piece) -> new Have(piece);
      case Message.Bitfield(var bits) -> new Bitfield(bits);
      case Message.Request(var piece, var begin, var length) -> new Request(piece, begin, length);
      case Message.Cancel(var piece, var begin, var length) -> new Cancel(piece, begin, length);
      default -> throw new AssertionError(ours);
    };
  }

  private static byte[] extended(int id, byte[] payload) {
    return WireTest.encoded(List.of(new Message.Extended(id, payload)));
  }

  private static BEInteger integer(int value) {
    return new BEInteger(value);
  }

  /** We leave out what is 0. */
  private static BEObject<?> orNone(int value) {
    return value == 0 ? null : integer(value);
  }

  /** What {@link FrameReader} makes of bytes; blocks as the requests that they answer. */
  private static final class Reading implements FrameReader.Sink {
    final List<Message> messages = new ArrayList<>();
    final ByteArrayOutputStream blocks = new ByteArrayOutputStream();

    Reading(byte[] bytes) throws Exception {
      new FrameReader(BITFIELD_BYTES, LARGEST_BLOCK).feed(ByteBuffer.wrap(bytes), this);
    }

    @Override
    public void message(Message message) {
      messages.add(message);
    }

    @Override
    public void blockBegins(int piece, int begin, int length) {
      messages.add(new Message.Request(piece, begin, length));
    }

    @Override
    public void blockBytes(ByteBuffer bytes) {
      var part = new byte[bytes.remaining()];
      bytes.get(part);
      blocks.writeBytes(part);
    }
  }
}

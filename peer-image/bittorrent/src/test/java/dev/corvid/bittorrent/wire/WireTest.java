package dev.corvid.bittorrent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final int BITFIELD_BYTES = 13;

  /** Keeps what was read. */
  private static final class Reading implements FrameReader.Sink {
    final List<Message> messages = new ArrayList<>();
    int blockBytes;

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
      blockBytes += bytes.remaining();
      bytes.position(bytes.limit());
    }
  }

  static List<Message> every() {
    return List.of(
        new Message.KeepAlive(),
        new Message.Bitfield(new byte[BITFIELD_BYTES]),
        Message.Signal.CHOKE,
        Message.Signal.UNCHOKE,
        Message.Signal.INTERESTED,
        Message.Signal.NOT_INTERESTED,
        Message.Signal.HAVE_ALL,
        Message.Signal.HAVE_NONE,
        new Message.Have(77),
        new Message.Request(1, 2, 3),
        new Message.Cancel(4, 5, 6),
        new Message.Reject(7, 8, 9),
        new Message.Extended(3, new byte[] {1, 2, 3}));
  }

  static byte[] encoded(List<Message> messages) {
    var out = ByteBuffer.allocate(messages.stream().mapToInt(Message::size).sum());
    messages.forEach(message -> message.encode(out));
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  private static FrameReader reader() {
    return new FrameReader(BITFIELD_BYTES, 256 << 10);
  }

  @Test
  void everyMessageIsReadAsItWasWrittenHoweverItIsCut() throws Exception {
    var bytes = encoded(every());
    for (var cut = 1; cut < 40; cut++) {
      var reader = reader();
      var reading = new Reading();
      for (var at = 0; at < bytes.length; at += cut) {
        reader.feed(ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at)), reading);
      }
      assertThat(encoded(reading.messages)).as("cut %d", cut).isEqualTo(bytes);
    }
  }

  @Test
  void aBlockPassesThroughAndUnknownMessagesAreSkipped() throws Exception {
    var bytes = ByteBuffer.allocate(200);
    bytes.putInt(9 + 100).put((byte) Message.PIECE).putInt(5).putInt(16384).put(new byte[100]);
    bytes.putInt(20).put((byte) 99).put(new byte[19]);
    Message.Signal.CHOKE.encode(bytes);
    var reading = new Reading();

    reader().feed(bytes.flip(), reading);

    assertThat(reading.blockBytes).isEqualTo(100);
    assertThat(reading.messages)
        .containsExactly(
            new Message.Request(5, 16384, 100), new Message.Ignored(99), Message.Signal.CHOKE);
  }

  @Test
  void lengthsThatCannotBeAreRefusedBeforeMemoryIsTaken() {
    for (var prefix : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (256 << 10) + 10}) {
      var bytes = ByteBuffer.allocate(5).putInt(prefix).put((byte) 20);
      assertThatThrownBy(() -> reader().feed(bytes.flip(), new Reading()))
          .isInstanceOf(ProtocolException.class);
    }
    var longHave = ByteBuffer.allocate(5).putInt(100).put((byte) 4);
    assertThatThrownBy(() -> reader().feed(longHave.flip(), new Reading()))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void handshakesSurviveTheRoundTrip() throws Exception {
    var handshake =
        new Handshake(
            SwarmId.of(InfoHash.of(new byte[20])), PeerId.random(new Random(3)), true, false);
    var bytes = ByteBuffer.allocate(Handshake.BYTES);
    handshake.encode(bytes);
    assertThat(Handshake.decode(bytes.flip())).isEqualTo(handshake);
  }

  @Test
  void extensionHandshakesSurviveTheRoundTripAndOddOnesMeanNothing() throws Exception {
    var ours =
        new ExtensionHandshake(1, 12345, 256 << 10, 250, 6881, new Location("a-1", "0a1b"), 3);
    assertThat(ExtensionHandshake.decode(ours.encode())).isEqualTo(ours);
    var odd =
        "d1:md11:ut_metadatai-4ee13:metadata_sizei99999999999e1:pi70000e4:reqqi0ee".getBytes();
    assertThat(ExtensionHandshake.decode(odd))
        .isEqualTo(new ExtensionHandshake(0, 0, 0, 1, 0, Location.NOWHERE, 0));
  }
}

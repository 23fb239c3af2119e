package dev.corvid.bittorrent.wire;

import dev.corvid.bittorrent.net.SendQueue;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The messages of BEP 3, BEP 6 and BEP 10, each with its decoding beside its encoding. PIECE is not
 * among them: its payload is never held whole, see {@link FrameReader} and {@link SendQueue}.
 */
public sealed interface Message {
  int PIECE = 7;

  /** Bytes of the usual block: what other clients request at once. */
  int BLOCK = 16 << 10;

  /** Appends length prefix, id and body. */
  void encode(ByteBuffer out);

  /** Bytes that {@link #encode} appends. */
  default int size() {
    return 5;
  }

  record KeepAlive() implements Message {
    @Override
    public void encode(ByteBuffer out) {
      out.putInt(0);
    }

    @Override
    public int size() {
      return 4;
    }
  }

  /** A message that is its id alone. */
  enum Signal implements Message {
    CHOKE(0),
    UNCHOKE(1),
    INTERESTED(2),
    NOT_INTERESTED(3),
    HAVE_ALL(14),
    HAVE_NONE(15);

    private final int id;

    Signal(int id) {
      this.id = id;
    }

    @Override
    public void encode(ByteBuffer out) {
      out.putInt(1).put((byte) id);
    }
  }

  record Have(int piece) implements Message {
    @Override
    public void encode(ByteBuffer out) {
      out.putInt(5).put((byte) 4).putInt(piece);
    }

    @Override
    public int size() {
      return 9;
    }
  }

  /** One bit per piece, the first in the highest bit. */
  record Bitfield(byte[] bits) implements Message {
    /**
     * @param count of all pieces
     */
    public static Bitfield of(BitSet pieces, int count) {
      var bits = new byte[(count + 7) / 8];
      pieces.stream().forEach(piece -> bits[piece / 8] |= (byte) (0x80 >> piece % 8));
      return new Bitfield(bits);
    }

    /** BitSet counts from the lowest bit, BEP 3 from the highest. */
    public BitSet pieces() {
      var pieces = new BitSet(bits.length * 8);
      for (var i = 0; i < bits.length * 8; i++) {
        if ((bits[i / 8] & 0x80 >> i % 8) != 0) {
          pieces.set(i);
        }
      }
      return pieces;
    }

    @Override
    public void encode(ByteBuffer out) {
      out.putInt(1 + bits.length).put((byte) 5).put(bits);
    }

    @Override
    public int size() {
      return 5 + bits.length;
    }
  }

  /** What REQUEST, CANCEL and REJECT (BEP 6) have in common. */
  sealed interface OfBlock extends Message {
    int id();

    int piece();

    int begin();

    int length();

    @Override
    default void encode(ByteBuffer out) {
      out.putInt(13).put((byte) id()).putInt(piece()).putInt(begin()).putInt(length());
    }

    @Override
    default int size() {
      return 17;
    }
  }

  record Request(int piece, int begin, int length) implements OfBlock {
    @Override
    public int id() {
      return 6;
    }
  }

  record Cancel(int piece, int begin, int length) implements OfBlock {
    @Override
    public int id() {
      return 8;
    }
  }

  record Reject(int piece, int begin, int length) implements OfBlock {
    @Override
    public int id() {
      return 16;
    }
  }

  /** BEP 10; {@code extension} 0 is the extension handshake. */
  record Extended(int extension, byte[] payload) implements Message {
    @Override
    public void encode(ByteBuffer out) {
      out.putInt(2 + payload.length).put((byte) 20).put((byte) extension).put(payload);
    }

    @Override
    public int size() {
      return 6 + payload.length;
    }
  }

  /** A message that this side has no use for: PORT, SUGGEST, ALLOWED FAST, or an unknown one. */
  record Ignored(int id) implements Message {
    @Override
    public void encode(ByteBuffer out) {
      throw new IllegalStateException("An ignored message is never sent.");
    }
  }

  /** Whether this side makes use of messages with this id; PIECE apart. */
  static boolean known(int id) {
    return (id >= 0 && id <= 8 && id != PIECE) || (id >= 14 && id <= 16) || id == 20;
  }

  /**
   * Whether the body's length is right for the message, before memory is taken for it.
   *
   * @param length of the body, without the id
   * @param bitfieldBytes what a bitfield must have
   */
  static boolean lengthFits(int id, int length, int bitfieldBytes) {
    return switch (id) {
      case 0, 1, 2, 3, 14, 15 -> length == 0;
      case 4 -> length == 4;
      case 5 -> length == bitfieldBytes;
      case 6, 8, 16 -> length == 12;
      case 20 -> length >= 1 && length <= FrameReader.MAX_EXTENDED;
      default -> true;
    };
  }

  /** Decodes a body whose length fits; consumes it whole. */
  static Message decode(int id, ByteBuffer body) {
    return switch (id) {
      case 0 -> Signal.CHOKE;
      case 1 -> Signal.UNCHOKE;
      case 2 -> Signal.INTERESTED;
      case 3 -> Signal.NOT_INTERESTED;
      case 4 -> new Have(body.getInt());
      case 5 -> new Bitfield(rest(body));
      case 6 -> new Request(body.getInt(), body.getInt(), body.getInt());
      case 8 -> new Cancel(body.getInt(), body.getInt(), body.getInt());
      case 14 -> Signal.HAVE_ALL;
      case 15 -> Signal.HAVE_NONE;
      case 16 -> new Reject(body.getInt(), body.getInt(), body.getInt());
      case 20 -> new Extended(body.get() & 0xff, rest(body));
      default -> new Ignored(id);
    };
  }

  private static byte[] rest(ByteBuffer body) {
    var bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }
}

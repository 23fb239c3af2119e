package dev.corvid.bittorrent.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Cuts a peer's bytes into messages. Lengths are checked before anything is allocated, and the
 * payload of PIECE, like the body of an ignored message, is passed through and never held.
 *
 * <pre>
 * PREFIX -- length 0              --> PREFIX
 * PREFIX -- id of PIECE           --> BLOCK_HEADER --> BLOCK --> PREFIX
 * PREFIX -- id of another message --> BODY --> PREFIX
 * PREFIX -- id that is unknown    --> SKIPPED --> PREFIX
 * </pre>
 */
public final class FrameReader {
  /** The longest extension message: a 16 KiB block of metadata and its header are far below. */
  static final int MAX_EXTENDED = 64 << 10;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);
  private static final int PREFIX_BYTES = 5;
  private static final int BLOCK_HEADER_BYTES = 8;

  /** Receives what was read, in order. */
  public interface Sink {
    void message(Message message) throws IOException;

    void blockBegins(int piece, int begin, int length) throws IOException;

    /** The next bytes of the block that began; consumed whole. */
    void blockBytes(ByteBuffer bytes) throws IOException;
  }

  private enum State {
    PREFIX,
    BODY,
    BLOCK_HEADER,
    BLOCK,
    SKIPPED
  }

  private final int bitfieldBytes;
  private final ByteBuffer small = ByteBuffer.allocate(16);
  private int largestBlock;
  private State state = State.PREFIX;
  private ByteBuffer body = NONE;
  private int id;
  private int remaining;

  /**
   * @param bitfieldBytes exact size of a bitfield, or -1 to skip bitfields of a torrent not known
   *     yet
   */
  public FrameReader(int bitfieldBytes, int largestBlock) {
    this.bitfieldBytes = bitfieldBytes;
    this.largestBlock = largestBlock;
  }

  void largestBlock(int bytes) {
    largestBlock = bytes;
  }

  /** Consumes all of {@code in}. */
  public void feed(ByteBuffer in, Sink sink) throws IOException {
    while (in.hasRemaining()) {
      switch (state) {
        case PREFIX -> prefix(in, sink);
        case BODY -> body(in, sink);
        case BLOCK_HEADER -> blockHeader(in, sink);
        case BLOCK -> block(in, sink);
        case SKIPPED -> skip(in);
      }
    }
  }

  private void prefix(ByteBuffer in, Sink sink) throws IOException {
    fill(in, 4);
    if (small.position() < 4) {
      return;
    }
    var length = small.getInt(0);
    if (length == 0) {
      small.clear();
      sink.message(new Message.KeepAlive());
      return;
    }
    if (length < 0 || length > longest()) {
      throw new ProtocolException("a message of " + (length & 0xffffffffL) + " bytes");
    }
    fill(in, PREFIX_BYTES);
    if (small.position() < PREFIX_BYTES) {
      return;
    }
    id = small.get(4) & 0xff;
    small.clear();
    remaining = length - 1;
    begin(sink);
  }

  private void begin(Sink sink) throws IOException {
    if (id == Message.PIECE) {
      if (remaining <= BLOCK_HEADER_BYTES) {
        throw new ProtocolException("an empty block");
      }
      state = State.BLOCK_HEADER;
    } else if (!Message.known(id) || (id == 5 && bitfieldBytes < 0)) {
      state = remaining == 0 ? State.PREFIX : State.SKIPPED;
      sink.message(new Message.Ignored(id));
    } else if (!Message.lengthFits(id, remaining, bitfieldBytes)) {
      throw new ProtocolException("a message " + id + " of " + (remaining + 1) + " bytes");
    } else if (remaining == 0) {
      state = State.PREFIX;
      sink.message(Message.decode(id, small));
    } else {
      body =
          remaining <= small.capacity()
              ? small.clear().limit(remaining)
              : ByteBuffer.allocate(remaining);
      state = State.BODY;
    }
  }

  private void body(ByteBuffer in, Sink sink) throws IOException {
    transfer(in, body, body.remaining());
    if (body.hasRemaining()) {
      return;
    }
    var message = Message.decode(id, body.flip());
    body = NONE;
    small.clear();
    state = State.PREFIX;
    sink.message(message);
  }

  private void blockHeader(ByteBuffer in, Sink sink) throws IOException {
    fill(in, BLOCK_HEADER_BYTES);
    if (small.position() < BLOCK_HEADER_BYTES) {
      return;
    }
    var piece = small.getInt(0);
    var begin = small.getInt(4);
    small.clear();
    remaining -= BLOCK_HEADER_BYTES;
    state = State.BLOCK;
    sink.blockBegins(piece, begin, remaining);
  }

  private void block(ByteBuffer in, Sink sink) throws IOException {
    var limit = in.limit();
    var count = Math.min(remaining, in.remaining());
    in.limit(in.position() + count);
    remaining -= count;
    if (remaining == 0) {
      state = State.PREFIX;
    }
    sink.blockBytes(in);
    in.position(in.limit()).limit(limit);
  }

  private void skip(ByteBuffer in) {
    var count = Math.min(remaining, in.remaining());
    in.position(in.position() + count);
    remaining -= count;
    if (remaining == 0) {
      state = State.PREFIX;
    }
  }

  private int longest() {
    return Math.max(largestBlock + 9, Math.max(bitfieldBytes, MAX_EXTENDED) + 1);
  }

  /** Fills the small buffer up to {@code size} bytes. */
  private void fill(ByteBuffer in, int size) {
    transfer(in, small, size - small.position());
  }

  private static void transfer(ByteBuffer from, ByteBuffer to, int most) {
    var count = Math.min(most, from.remaining());
    if (count <= 0) {
      return;
    }
    to.put(to.position(), from, from.position(), count).position(to.position() + count);
    from.position(from.position() + count);
  }
}

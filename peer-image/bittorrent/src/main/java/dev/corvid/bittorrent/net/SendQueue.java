package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.pieces.PieceStorage;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to one peer: messages first, then blocks in the order of their requests.
 * Messages are put together into one write. A block's payload is not held: large ones go by {@link
 * Storage#transferTo}, small ones are copied together with their header.
 */
public final class SendQueue {
  /**
   * Blocks up to this size are copied: a write of their own for header and payload would cost more.
   */
  private static final int COPIED = 64 << 10;

  /** Limit on unsent message bytes; a peer over it is not reading and is dropped. */
  static final int MOST_MESSAGE_BYTES = 1 << 20;

  private static final int FRONT_BYTES = 32 << 10;

  enum Outcome {
    /** Nothing is left to write. */
    DRAINED,
    /** The socket takes no more. */
    FULL,
    /** As much payload was sent as was allowed. */
    SPENT
  }

  private final PieceStorage storage;
  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  private final ArrayDeque<Message.Request> blocks = new ArrayDeque<>();
  private int messageBytes;

  /** Encoded and to be written before {@code current}'s payload. */
  private ByteBuffer front = ByteBuffer.allocate(0);

  /** The block that is being sent. */
  private Message.@Nullable Request current;

  private int sentOfCurrent;
  private int fruitless;
  private int sent;

  SendQueue(PieceStorage storage) {
    this.storage = storage;
  }

  void add(Message message) throws ProtocolException {
    messages.add(message);
    messageBytes += message.size();
    if (messageBytes > MOST_MESSAGE_BYTES) {
      throw new ProtocolException("it does not read what is sent to it");
    }
  }

  void add(Message.Request block) {
    blocks.add(block);
  }

  /** Of messages that are not encoded yet. */
  int messageBytes() {
    return messageBytes;
  }

  int queuedBlocks() {
    return blocks.size() + (current == null ? 0 : 1);
  }

  boolean isEmpty() {
    return messages.isEmpty() && blocks.isEmpty() && current == null && !front.hasRemaining();
  }

  /** Whether only payload is left, which needs an allowance. */
  boolean needsAllowance() {
    return messages.isEmpty() && !front.hasRemaining() && (current != null || !blocks.isEmpty());
  }

  boolean hasBlocksOf(int piece) {
    if (current != null && current.piece() == piece) {
      return true;
    }
    for (var block : blocks) {
      if (block.piece() == piece) {
        return true;
      }
    }
    return false;
  }

  /** Takes back blocks that have not begun. */
  void remove(Predicate<Message.Request> which) {
    blocks.removeIf(which);
  }

  /** Payload bytes written by the last {@link #write}. */
  int sent() {
    return sent;
  }

  /**
   * Writes until there is nothing left, the socket is full or {@code allowance} bytes of payload
   * are sent.
   *
   * @param scratch large enough for {@link #COPIED} and some messages
   */
  Outcome write(WritableByteChannel channel, ByteBuffer scratch, int allowance) throws IOException {
    sent = 0;
    while (true) {
      if (!front.hasRemaining() && current == null) {
        prepare(allowance > sent);
      }
      if (front.hasRemaining()) {
        if (!writeFront(channel, scratch, allowance)) {
          return Outcome.FULL;
        }
      } else if (current != null) {
        if (sent >= allowance) {
          return Outcome.SPENT;
        }
        if (!writePayload(current, channel, scratch, allowance - sent)) {
          return Outcome.FULL;
        }
      } else {
        return blocks.isEmpty() ? Outcome.DRAINED : Outcome.SPENT;
      }
    }
  }

  /** Encodes waiting messages and, if payload may be sent, the header of the next block. */
  private void prepare(boolean payloadAllowed) {
    if (messages.isEmpty() && (blocks.isEmpty() || !payloadAllowed)) {
      return;
    }
    var first = messages.peek();
    var size = Math.min(FRONT_BYTES, messageBytes) + 13;
    if (first != null) {
      size = Math.max(size, first.size() + 13);
    }
    front =
        front.capacity() >= size && front.capacity() <= FRONT_BYTES
            ? front.clear()
            : ByteBuffer.allocate(size);
    while (!messages.isEmpty() && messages.element().size() + 13 <= front.remaining()) {
      var message = messages.remove();
      messageBytes -= message.size();
      message.encode(front);
    }
    if (messages.isEmpty() && payloadAllowed && !blocks.isEmpty()) {
      current = blocks.remove();
      sentOfCurrent = 0;
      front
          .putInt(9 + current.length())
          .put((byte) Message.PIECE)
          .putInt(current.piece())
          .putInt(current.begin());
    }
    front.flip();
  }

  private boolean writeFront(WritableByteChannel channel, ByteBuffer scratch, int allowance)
      throws IOException {
    scratch.clear();
    var copied = Math.min(front.remaining(), scratch.remaining());
    scratch.put(front.slice(front.position(), copied));
    var together =
        current != null && copied == front.remaining() && current.length() <= COPIED
            ? current
            : null;
    if (together != null) {
      copy(together, scratch, Math.min(allowance - sent, together.length()));
    }
    scratch.flip();
    var written = channel.write(scratch);
    var ofFront = Math.min(written, copied);
    front.position(front.position() + ofFront);
    if (together != null && written > ofFront) {
      count(together, written - ofFront);
    }
    return !scratch.hasRemaining();
  }

  private boolean writePayload(
      Message.Request block, WritableByteChannel channel, ByteBuffer scratch, int allowance)
      throws IOException {
    var count = Math.min(allowance, block.length() - sentOfCurrent);
    // A range that cannot be sent without copying may answer 0 although the socket is writable.
    if (block.length() <= COPIED || fruitless > 1) {
      scratch.clear();
      copy(block, scratch, Math.min(count, scratch.capacity()));
      scratch.flip();
      var written = channel.write(scratch);
      fruitless = 0;
      if (written > 0) {
        count(block, written);
      }
      return !scratch.hasRemaining();
    }
    var written =
        (int) storage.transferTo(block.piece(), block.begin() + sentOfCurrent, count, channel);
    fruitless = written == 0 ? fruitless + 1 : 0;
    if (written > 0) {
      count(block, written);
    }
    return written > 0;
  }

  private void copy(Message.Request block, ByteBuffer scratch, int most) throws IOException {
    var count =
        Math.clamp((long) block.length() - sentOfCurrent, 0, Math.min(most, scratch.remaining()));
    var limit = scratch.limit();
    scratch.limit(scratch.position() + count);
    storage.read(block.piece(), block.begin() + sentOfCurrent, scratch);
    scratch.limit(limit);
  }

  private void count(Message.Request block, int written) {
    sent += written;
    sentOfCurrent += written;
    if (sentOfCurrent == block.length()) {
      current = null;
    }
  }
}

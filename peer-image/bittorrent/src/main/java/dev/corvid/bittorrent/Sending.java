package dev.corvid.bittorrent;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * The sending half of a {@link Connection}: messages, and the blocks that the other side asked for.
 * What is queued while an event is dealt with is written together when that is done, then whenever
 * the socket and the limits take more. Confined to the connection's loop.
 */
final class Sending {
  private static final int QUANTUM = 256 << 10;
  private static final int MOST_QUEUED_BLOCKS = 1000;
  private static final int STRANGERS_LARGEST_BLOCK = 128 << 10;

  /** Of answers that wait for the other side to read; who asks on gets none. */
  private static final int MOST_ANSWER_BYTES = 64 << 10;

  private final Connection connection;
  private final Session session;
  private final SocketChannel channel;
  private final Outbox outbox;
  private final Runnable flush = this::flushDeferred;
  private SelectionKey key;
  private int reads = SelectionKey.OP_READ;
  private boolean flushing;
  private boolean waitsForUpload;
  private long saidAt;
  private long usedAt;
  private long payload;

  Sending(Connection connection, Session session, SocketChannel channel) {
    this.connection = connection;
    this.session = session;
    this.channel = channel;
    this.outbox = new Outbox(session.content());
    saidAt = usedAt = session.loop().now();
  }

  /** Nothing is written before. */
  void open(SelectionKey registered) {
    key = registered;
  }

  /** Whether the connection is read from; at first it is. */
  void mayRead(boolean on) {
    reads = on ? SelectionKey.OP_READ : 0;
    key.interestOps(key.interestOps() & SelectionKey.OP_WRITE | reads);
  }

  /** When anything was last written, as the loop's clock has it. */
  long saidAt() {
    return saidAt;
  }

  /** When payload was last written; at first the connection's begin. */
  long usedAt() {
    return usedAt;
  }

  /** Bytes of payload that were written. */
  long payload() {
    return payload;
  }

  void add(Message message) {
    try {
      outbox.add(message);
      flushSoon();
    } catch (ProtocolException e) {
      session.loop().defer(() -> connection.failed(e));
    }
  }

  /** Whether answers pile up because the other side does not read them. */
  boolean isBusy() {
    return outbox.messageBytes() > MOST_ANSWER_BYTES;
  }

  void requested(Message.Request block) throws ProtocolException {
    var most = connection.extension().own() ? session.largestBlock() : STRANGERS_LARGEST_BLOCK;
    session.content().check(block);
    if (block.length() > most) throw new ProtocolException("a request for too much: " + block);
    if (outbox.queuedBlocks() >= MOST_QUEUED_BLOCKS)
      throw new ProtocolException("too many requests at once");
    if (!session.policy().serves(connection.id()) || !session.has(block.piece())) {
      if (isBusy()) throw new ProtocolException("it does not read the answers to its requests");
      reject(block);
      return;
    }
    outbox.add(block);
    session.policy().requested(connection.id(), block.piece(), session.loop().now());
    flushSoon();
  }

  void cancelled(Message.Request block) throws ProtocolException {
    session.content().check(block);
    outbox.remove(
        queued -> {
          if (!queued.equals(block)) return false;
          reject(block);
          return true;
        });
    if (!outbox.hasBlocksOf(block.piece()))
      session.policy().withdrawn(connection.id(), block.piece(), session.loop().now());
  }

  /** Choked: what the other side asked for is not served. */
  void refuseAll() {
    outbox.remove(
        block -> {
          reject(block);
          return true;
        });
  }

  /** With BEP 6 every request ends in a piece or a reject. */
  private void reject(Message.Request block) {
    if (connection.handshake().fast())
      connection.send(new Message.Reject(block.piece(), block.begin(), block.length()));
  }

  /** There may be tokens again. */
  void allowed() {
    waitsForUpload = false;
    flushSoon();
  }

  void flushSoon() {
    if (flushing) return;
    flushing = true;
    session.loop().defer(flush);
  }

  private void flushDeferred() {
    flushing = false;
    if (connection.closed()) return;
    try {
      flush();
    } catch (IOException e) {
      connection.failed(e);
    }
  }

  void flush() throws IOException {
    var allowance =
        waitsForUpload ? 0 : session.limits().uploadAllowance(QUANTUM, session.loop().now());
    var outcome = outbox.write(channel, session.loop().sendBuffer(), allowance);
    saidAt = session.loop().now();
    if (outbox.sent() > 0) {
      usedAt = saidAt;
      payload += outbox.sent();
      connection.sent(outbox.sent());
    }
    var write =
        outcome == Outbox.Outcome.FULL || (outcome == Outbox.Outcome.SPENT && allowance == QUANTUM);
    key.interestOps(write ? reads | SelectionKey.OP_WRITE : reads);
    if (outcome == Outbox.Outcome.SPENT && allowance < QUANTUM && !waitsForUpload) {
      waitsForUpload = true;
      session.limits().waitForUpload(connection);
    }
  }
}

package dev.corvid.bittorrent.net;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a {@link Connection}: messages, and the blocks that the other side asked for.
 * What is queued while an event is dealt with is written together when that is done, then whenever
 * the socket and the limits take more. Confined to the connection's loop.
 */
final class ConnectionWriter {
  private static final int QUANTUM = 256 << 10;
  private static final int MAX_QUEUED_BLOCKS = 1000;
  private static final int FOREIGN_LARGEST_BLOCK = 128 << 10;

  /** Limit on answers that wait for the other side to read; further requests get none. */
  private static final int MAX_ANSWER_BYTES = 64 << 10;

  private final Connection connection;
  private final ConnectionListener listener;
  private final TorrentContext torrent;
  private final SocketChannel channel;
  private final SendQueue queue;
  private final Runnable flush = this::flushDeferred;
  private @Nullable SelectionKey key;
  private int reads = SelectionKey.OP_READ;
  private boolean flushing;
  private boolean waitsForUpload;
  private long lastSentAt;
  private long payloadSentAt;
  private long payloadSent;

  ConnectionWriter(
      Connection connection,
      ConnectionListener listener,
      TorrentContext torrent,
      SocketChannel channel) {
    this.connection = connection;
    this.listener = listener;
    this.torrent = torrent;
    this.channel = channel;
    this.queue = new SendQueue(torrent.storage());
    lastSentAt = payloadSentAt = torrent.loop().now();
  }

  /** Nothing is written before. */
  void open(SelectionKey registered) {
    key = registered;
  }

  private SelectionKey key() {
    return requireNonNull(key, "open() comes first");
  }

  /** Whether the connection is read from; at first it is. */
  void setReading(boolean on) {
    reads = on ? SelectionKey.OP_READ : 0;
    var key = key();
    key.interestOps(key.interestOps() & SelectionKey.OP_WRITE | reads);
  }

  /** When anything was last written, as the loop's clock has it. */
  long lastSentAt() {
    return lastSentAt;
  }

  /** When payload was last written; at first the connection's begin. */
  long payloadSentAt() {
    return payloadSentAt;
  }

  /** Bytes of payload that were written. */
  long payloadSent() {
    return payloadSent;
  }

  void add(Message message) {
    try {
      queue.add(message);
      flushSoon();
    } catch (ProtocolException e) {
      torrent.loop().defer(() -> connection.failed(e));
    }
  }

  /** Whether answers pile up because the other side does not read them. */
  boolean isBacklogged() {
    return queue.messageBytes() > MAX_ANSWER_BYTES;
  }

  void requested(Message.Request block) throws ProtocolException {
    var most = connection.extension().isCorvid() ? torrent.largestBlock() : FOREIGN_LARGEST_BLOCK;
    torrent.storage().check(block);
    if (block.length() > most) {
      throw new ProtocolException("a request for too much: " + block);
    }
    if (queue.queuedBlocks() >= MAX_QUEUED_BLOCKS) {
      throw new ProtocolException("too many requests at once");
    }
    if (!listener.serves(connection, block.piece())) {
      if (isBacklogged()) {
        throw new ProtocolException("it does not read the answers to its requests");
      }
      reject(block);
      return;
    }
    queue.add(block);
    listener.requested(connection, block.piece());
    flushSoon();
  }

  void cancelled(Message.Request block) throws ProtocolException {
    torrent.storage().check(block);
    queue.remove(
        queued -> {
          if (!queued.equals(block)) {
            return false;
          }
          reject(block);
          return true;
        });
    if (!queue.hasBlocksOf(block.piece())) {
      listener.withdrawn(connection, block.piece());
    }
  }

  /** Choked: what the other side asked for is not served. */
  void refuseAll() {
    queue.remove(
        block -> {
          reject(block);
          return true;
        });
  }

  /** With BEP 6 every request ends in a piece or a reject. */
  private void reject(Message.Request block) {
    if (connection.handshake().fast()) {
      connection.send(new Message.Reject(block.piece(), block.begin(), block.length()));
    }
  }

  /** There may be tokens again. */
  void allowed() {
    waitsForUpload = false;
    flushSoon();
  }

  void flushSoon() {
    if (flushing) {
      return;
    }
    flushing = true;
    torrent.loop().defer(flush);
  }

  private void flushDeferred() {
    flushing = false;
    if (connection.closed()) {
      return;
    }
    try {
      flush();
    } catch (IOException e) {
      connection.failed(e);
    }
  }

  void flush() throws IOException {
    var allowance =
        waitsForUpload ? 0 : torrent.rateLimiter().uploadAllowance(QUANTUM, torrent.loop().now());
    var outcome = queue.write(channel, torrent.loop().sendBuffer(), allowance);
    lastSentAt = torrent.loop().now();
    if (queue.sent() > 0) {
      payloadSentAt = lastSentAt;
      payloadSent += queue.sent();
      connection.sent(queue.sent());
    }
    var write =
        outcome == SendQueue.Outcome.FULL
            || (outcome == SendQueue.Outcome.SPENT && allowance == QUANTUM);

    key().interestOps(write ? reads | SelectionKey.OP_WRITE : reads);
    if (outcome == SendQueue.Outcome.SPENT && allowance < QUANTUM && !waitsForUpload) {
      waitsForUpload = true;
      torrent.rateLimiter().waitForUpload(connection, this::allowed);
    }
  }
}

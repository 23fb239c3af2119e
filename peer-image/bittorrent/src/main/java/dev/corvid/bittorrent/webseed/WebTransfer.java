package dev.corvid.bittorrent.webseed;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.wire.Message;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * One block on its way from a web seed: read file by file by a thread of its own, and handed to the
 * loop chunk by chunk. The next is read only when the one before has been dealt with, so that no
 * more than one is held.
 */
final class WebTransfer {
  private static final int CHUNK = 16 << 10;

  /** Called on the loop. */
  interface Receiver {
    /** Asks for more by {@link #next}; until then the chunk stays as it is. */
    void arrived(WebTransfer from, ByteBuffer chunk);

    /**
     * @param trouble what went wrong; empty when all has arrived
     */
    void ended(WebTransfer from, String trouble);
  }

  private final WebSeed seed;
  private final Message.Request block;
  private final List<WebRange> ranges;
  private final Executor loop;
  private final Receiver receiver;
  private final Semaphore wanted = new Semaphore(1);
  private final Thread thread;
  private int left;
  private boolean waits;
  private long heardAt;

  /**
   * @param ranges that together are the block
   */
  WebTransfer(
      WebSeed seed,
      Message.Request block,
      List<WebRange> ranges,
      Executor loop,
      Receiver receiver) {
    this.seed = seed;
    this.block = block;
    this.ranges = ranges;
    this.loop = loop;
    this.receiver = receiver;
    this.left = block.length();
    thread = Thread.ofVirtual().name("web-seed").unstarted(this::run);
  }

  int piece() {
    return block.piece();
  }

  void start() {
    heardAt = System.nanoTime();
    thread.start();
  }

  /** Whether a chunk was handed over and no further one has been asked for. */
  boolean waits() {
    return waits;
  }

  /** Reads the next chunk. Called on the loop, as is {@link #abandon}. */
  void next() {
    waits = false;
    heardAt = System.nanoTime();
    wanted.release();
  }

  /** When it last handed something over, or was asked for more; nanoseconds as of the loop. */
  long heardAt() {
    return heardAt;
  }

  /** As {@link #abandon}, but does not wait for the end of an answer either. */
  void giveUp() {
    thread.interrupt();
  }

  /** What still arrives is thrown away; an answer that has come whole may come to its end. */
  void abandon() {
    if (left > 0) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      var chunk = new byte[CHUNK];
      for (var range : ranges) {
        read(range, chunk);
      }
      end("");
    } catch (IOException | RuntimeException e) {
      end(ErrorMessage.of(e));
    } catch (InterruptedException e) {
      end("it was abandoned");
    }
  }

  private void read(WebRange range, byte[] chunk) throws IOException, InterruptedException {
    try (var body = open(range)) {
      for (var missing = range.length(); missing > 0; ) {
        wanted.acquire();
        var count = body.read(chunk, 0, Math.min(missing, CHUNK));
        if (count < 0) {
          throw new EOFException("its answer was cut off");
        }
        missing -= count;
        loop.execute(() -> arrived(ByteBuffer.wrap(chunk, 0, count)));
      }
      if (body.read() >= 0) {
        throw new IOException("it sent more than it was asked for");
      }
    }
  }

  private InputStream open(WebRange range) throws IOException, InterruptedException {
    return range.pad()
        ? new Zeros(range.length())
        : seed.open(range.file(), range.from(), range.length());
  }

  private void arrived(ByteBuffer chunk) {
    left -= chunk.remaining();
    waits = true;
    receiver.arrived(this, chunk);
  }

  private void end(String trouble) {
    loop.execute(() -> receiver.ended(this, trouble));
  }

  /** Padding (BEP 47). */
  private static final class Zeros extends InputStream {
    private int left;

    Zeros(int left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }
  }
}

package dev.corvid.swarm;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * One range on its way from a web seed: read by a thread of its own, and handed to the loop chunk
 * by chunk. The next is read only when the one before has been dealt with, so that no more than one
 * is held.
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
  private final WebRange range;
  private final Executor loop;
  private final Receiver receiver;
  private final Semaphore wanted = new Semaphore(1);
  private final Thread thread;
  private int left;

  WebTransfer(WebSeed seed, WebRange range, Executor loop, Receiver receiver) {
    this.seed = seed;
    this.range = range;
    this.loop = loop;
    this.receiver = receiver;
    this.left = range.length();
    thread = Thread.ofVirtual().name("web-seed").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Reads the next chunk. Called on the loop, as is {@link #abandon}. */
  void next() {
    wanted.release();
  }

  /** What still arrives is thrown away; an answer that has come whole may come to its end. */
  void abandon() {
    if (left > 0) thread.interrupt();
  }

  private void run() {
    try {
      read();
      end("");
    } catch (IOException | RuntimeException e) {
      end(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    } catch (InterruptedException e) {
      end("it was abandoned");
    }
  }

  private void read() throws IOException, InterruptedException {
    try (var body = seed.open(range.file(), range.from(), range.length())) {
      var chunk = new byte[CHUNK];
      for (var missing = range.length(); missing > 0; ) {
        wanted.acquire();
        var count = body.read(chunk, 0, Math.min(missing, CHUNK));
        if (count < 0) throw new EOFException("its answer was cut off");
        missing -= count;
        loop.execute(() -> arrived(ByteBuffer.wrap(chunk, 0, count)));
      }
      if (body.read() >= 0) throw new IOException("it sent more than it was asked for");
    }
  }

  private void arrived(ByteBuffer chunk) {
    left -= chunk.remaining();
    receiver.arrived(this, chunk);
  }

  private void end(String trouble) {
    loop.execute(() -> receiver.ended(this, trouble));
  }
}

package dev.corvid.bittorrent.pieces;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what a loop receives on a thread beside it, in the order in which it is handed in: the one
 * thread's work would be two thirds SHA-1 otherwise. Bytes are not copied: the loop reads into a
 * buffer that is lent to it, and the buffer comes back when what was to be hashed of it is. There
 * are a few of them; when all are lent the loop waits for one, for a fraction of a millisecond.
 */
public final class HashThread {
  private static final int BUFFER = 256 << 10;
  private static final int MOST_BUFFERS = 6;

  /** What the loop does with a buffer that is lent to it. */
  public interface Use {
    void of(ByteBuffer buffer) throws IOException;
  }

  private static final class Lease {
    final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    final AtomicInteger users = new AtomicInteger();
  }

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final BlockingQueue<Lease> free = new LinkedBlockingQueue<>();
  private final Thread thread;
  private boolean started;
  private int buffers;
  private @Nullable Lease lent;
  private volatile boolean closed;

  public HashThread(String name) {
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Called on the loop's thread, as is all of this class. */
  public void lend(Use use) throws IOException {
    var outer = lent;
    lent = take();
    lent.users.set(1);
    try {
      use.of(lent.buffer.clear());
    } finally {
      giveBack(lent);
      lent = outer;
    }
  }

  /** Bytes of the buffer that is lent, or of one that is not written to again. */
  void update(MessageDigest digest, ByteBuffer bytes) {
    var lease = lent;
    if (lease == null) {
      execute(() -> digest.update(bytes));
      return;
    }
    lease.users.incrementAndGet();
    execute(
        () -> {
          digest.update(bytes);
          giveBack(lease);
        });
  }

  /** Runs a task when everything handed in before has been hashed. */
  void execute(Runnable task) {
    if (!started) {
      thread.start();
    }
    started = true;
    tasks.add(task);
  }

  public void close() {
    closed = true;
    tasks.add(() -> {});
  }

  private void giveBack(Lease lease) {
    if (lease.users.decrementAndGet() == 0) {
      free.add(lease);
    }
  }

  private Lease take() {
    var lease = free.poll();
    if (lease == null && buffers < MOST_BUFFERS) {
      buffers++;
      return new Lease();
    }
    while (lease == null) {
      try {
        lease = free.take();
      } catch (InterruptedException e) {
        throw new IllegalStateException("Nobody interrupts a loop.", e);
      }
    }
    return lease;
  }

  private void run() {
    while (!closed) {
      try {
        tasks.take().run();
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}

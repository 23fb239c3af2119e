package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.pieces.HashThread;
import java.io.IOError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread with a selector: everything of one torrent happens on one loop, so nothing of
 * a torrent is locked. The loop sleeps until a channel is ready, a deadline passes or a task is
 * handed in.
 *
 * <p>Only {@link #close} should end it. If the selector fails, the loop closes its channels, runs
 * the tasks that were handed in, so that no caller waits for them for ever, and its thread ends
 * with an {@link Error}. No timer runs any more and all torrents of the loop stand still: the
 * process has to be ended then.
 */
public final class Loop implements Executor, AutoCloseable {
  /** What a registered channel calls back. An exception closes that channel alone. */
  public interface Handler {
    void ready(SelectionKey key) throws IOException;

    /** The channel failed; the handler closes what it owns. */
    void failed(IOException cause);
  }

  /** A deadline that may be withdrawn. */
  public static final class Timer implements Comparable<Timer> {
    /** Stands for one that is not set. */
    public static final Timer NONE = new Timer(0, null);

    private final long deadline;

    /** Null once it is withdrawn. */
    private @Nullable Runnable task;

    private Timer(long deadline, @Nullable Runnable task) {
      this.deadline = deadline;
      this.task = task;
    }

    public void cancel() {
      task = null;
    }

    @Override
    public int compareTo(Timer other) {
      return Long.signum(deadline - other.deadline);
    }
  }

  private static final Logger LOG = Logger.getLogger(Loop.class.getName());
  private static final int LEAST_SWEPT = 1024;
  private static final int BUFFER = 256 << 10;

  private final Selector selector;
  private final Thread thread;
  private final HashThread hashThread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
  private final ByteBuffer sendBuffer = ByteBuffer.allocateDirect(BUFFER);
  private int sweepAt = LEAST_SWEPT;
  private boolean closed;
  private volatile boolean ended;

  public Loop(String name) throws IOException {
    this(name, Selector.open());
  }

  Loop(String name, Selector selector) {
    this.selector = selector;
    hashThread = new HashThread(name + "-sha");
    thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** Lends buffers to receive into, and hashes what came. */
  public HashThread hashThread() {
    return hashThread;
  }

  /** Reused by every connection of this loop; empty between two writes. */
  ByteBuffer sendBuffer() {
    return sendBuffer.clear();
  }

  public long now() {
    return System.nanoTime();
  }

  public boolean isOwnThread() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!isOwnThread()) {
      selector.wakeup();
    }
  }

  /** As {@link #execute}; if the loop has ended, {@code otherwise} runs at once instead. */
  public void executeOrDrop(Runnable task, Runnable otherwise) {
    execute(task);
    if (ended && tasks.remove(task)) {
      otherwise.run();
    }
  }

  public SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    return channel.register(selector, operations, handler);
  }

  /** Runs {@code task} on this loop after {@code nanos}. Called on the loop's own thread. */
  public Timer after(long nanos, Runnable task) {
    if (timers.size() >= sweepAt) {
      sweep();
    }
    var timer = new Timer(now() + nanos, task);
    timers.add(timer);
    return timer;
  }

  /** Withdrawn deadlines go before they are due, or a flood of connections would pile them up. */
  private void sweep() {
    timers.removeIf(timer -> timer.task == null);
    sweepAt = Math.max(LEAST_SWEPT, 2 * timers.size());
  }

  /**
   * Runs {@code task} when the event at hand has been dealt with, so that what one event causes is
   * written together.
   */
  public void defer(Runnable task) {
    deferred.add(task);
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(this::dispatch, timeout());
        runTimers();
        runTasks();
      }
    } catch (IOException | RuntimeException e) {
      throw new IOError(new IOException("The selector of " + thread.getName() + " failed.", e));
    } finally {
      end();
    }
  }

  private void end() {
    try {
      closeChannels();
    } finally {
      ended = true;
      hashThread.close();
      runTasks();
    }
  }

  private void closeChannels() {
    if (selector.isOpen()) {
      for (var key : selector.keys()) {
        if (key.attachment() instanceof Handler handler) {
          failed(handler, new IOException("The swarm was closed."));
        }
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "Closing a selector", e);
    }
  }

  /** Milliseconds to the next deadline, rounded up; 0 waits for ever. */
  private long timeout() {
    if (!tasks.isEmpty()) {
      return 1;
    }
    while (!timers.isEmpty() && timers.element().task == null) {
      timers.remove();
    }
    if (timers.isEmpty()) {
      return 0;
    }
    return Math.max(1, (timers.element().deadline - now() + 999_999) / 1_000_000);
  }

  private void dispatch(SelectionKey key) {
    var handler = (Handler) key.attachment();
    try {
      if (key.isValid()) {
        handler.ready(key);
      }
    } catch (IOException e) {
      failed(handler, e);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A connection is closed because its handler failed", e);
      failed(handler, new IOException("Internal error", e));
    }
    runDeferred();
  }

  /** A defect of one handler is not to end the others. */
  private static void failed(Handler handler, IOException cause) {
    run(() -> handler.failed(cause));
  }

  private void runTimers() {
    if (timers.isEmpty()) {
      return;
    }
    var now = now();
    while (!timers.isEmpty() && timers.element().deadline - now <= 0) {
      var task = timers.remove().task;
      if (task != null) {
        guarded(task);
      }
    }
  }

  private void runTasks() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
  }

  private void runDeferred() {
    for (var task = deferred.poll(); task != null; task = deferred.poll()) {
      run(task);
    }
  }

  private void guarded(Runnable task) {
    run(task);
    runDeferred();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A task of the swarm failed", e);
    }
  }

  /**
   * Ends the loop after the tasks already handed in, closing what is registered. Waits for the
   * thread.
   */
  @Override
  public void close() {
    execute(() -> closed = true);
    if (isOwnThread()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

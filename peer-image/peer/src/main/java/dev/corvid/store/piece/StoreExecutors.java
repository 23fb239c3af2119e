package dev.corvid.store.piece;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Executors for work that callers do not wait for.
 *
 * @param disk waits for the disk: checkpoints, emptying the trash
 * @param later as {@code disk}, half a minute from now
 * @param digest computes: a few platform threads, because a virtual thread that never blocks holds
 *     up all others
 */
public record StoreExecutors(Executor disk, Executor later, Executor digest) {
  private static final Duration CHECKPOINT_AFTER = Duration.ofSeconds(30);
  private static final int DIGEST_THREADS = 2;

  /** Runs a long computation or copy on a platform thread, and waits for it. */
  public <T> T compute(Task<T> task) throws IOException, InterruptedException {
    var result = new CompletableFuture<T>();
    digest.execute(
        () -> {
          try {
            result.complete(task.run());
          } catch (IOException | RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (requireNonNull(e.getCause(), "what the task threw")) {
        case IOException io -> throw io;
        case RuntimeException runtime -> throw runtime;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** Something that takes long. */
  @FunctionalInterface
  public interface Task<T> {
    T run() throws IOException;
  }

  public static StoreExecutors threads() {
    var disk = Executors.newVirtualThreadPerTaskExecutor();
    var digest =
        new ThreadPoolExecutor(
            DIGEST_THREADS,
            DIGEST_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("corvid-verify-", 0).factory());
    digest.allowCoreThreadTimeOut(true);
    return new StoreExecutors(
        disk,
        CompletableFuture.delayedExecutor(CHECKPOINT_AFTER.toSeconds(), TimeUnit.SECONDS, disk),
        digest);
  }
}

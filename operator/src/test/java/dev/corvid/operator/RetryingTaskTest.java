package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryingTaskTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @Test
  void startsWithoutWaitingForItsFirstRun() throws Exception {
    var mayEnd = new CountDownLatch(1);
    var ended = new Semaphore(0);
    var task =
        new RetryingTask(
            "blocked",
            () -> {
              await(mayEnd);
              ended.release();
            },
            NEVER);
    try (task) {
      task.start();

      mayEnd.countDown();

      assertThat(ended.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void runsAgainAfterAFailureAndWhenPoked() throws Exception {
    var runs = new AtomicInteger();
    var succeeded = new Semaphore(0);
    var task =
        new RetryingTask(
            "refused at first",
            () -> {
              if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("refused");
              }
              succeeded.release();
            },
            NEVER);
    try (task) {
      task.start();
      assertThat(succeeded.tryAcquire(60, TimeUnit.SECONDS)).isTrue();

      task.poke();

      assertThat(succeeded.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      assertThat(runs).hasValue(3);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

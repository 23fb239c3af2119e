package dev.corvid.seeder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OriginRateLimiterTest {
  private static final int MB = 1_000_000;

  private static InputStream body(int bytes) {
    return new ByteArrayInputStream(new byte[bytes]);
  }

  private static Duration timed(Runnable action) {
    long began = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static void readAll(InputStream in) {
    try {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Only from below: how long a busy machine takes is not the limit's doing. */
  @Test
  void holdsForAllTransfersTogether() {
    var rate = new OriginRateLimiter(4 * MB);

    var took =
        timed(
            () ->
                CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> readAll(rate.limiting(body(MB)))),
                        CompletableFuture.runAsync(() -> readAll(rate.limiting(body(MB)))))
                    .join());

    assertThat(took).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void aLimitThatIsLiftedWakesWhoWaitsForIt() throws Exception {
    var rate = new OriginRateLimiter(1); // each wait would take hours
    var reading = new Thread(() -> readAll(rate.limiting(body(100 * MB))));
    reading.setDaemon(true);
    reading.start();
    await().until(() -> reading.getState() == Thread.State.TIMED_WAITING);

    rate.set(0);

    assertThat(reading.join(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void aLimitThatIsSetHoldsForATransferUnderWay() throws Exception {
    var rate = new OriginRateLimiter(0);
    var in = rate.limiting(body(10 * MB));
    assertThat(in.readNBytes(8 * MB)).hasSize(8 * MB);

    rate.set(4 * MB);

    assertThat(timed(() -> readAll(in))).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void theEndIsTheEnd() throws Exception {
    var in = new OriginRateLimiter(64 << 10).limiting(body(3));

    assertThat(in.read()).isZero();
    assertThat(in.skip(0)).isZero();
    assertThat(in.skip(10)).isEqualTo(2);
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(new byte[9], 0, 9)).isEqualTo(-1);
  }

  @Test
  void whoWaitsCanBeInterrupted() {
    var in = new OriginRateLimiter(64 << 10).limiting(body(MB));
    Thread.currentThread().interrupt();

    assertThatThrownBy(in::readAllBytes).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}

package dev.corvid.seeder.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TimeoutInputStreamTest {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** A hundred bytes, and then none for as long as it is open. */
  private static final class Silent extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);
    private int left = 100;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left > 0) {
        int count = Math.min(length, left);
        left -= count;
        return count;
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      throw new IOException("closed");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsSkippedIsWatchedAsWell() throws Exception {
    try (var body = new TimeoutInputStream(new Silent(), PATIENCE, PATIENCE)) {
      assertThatThrownBy(() -> body.skipNBytes(1000)).hasMessageContaining("no byte came");
    }
  }
}

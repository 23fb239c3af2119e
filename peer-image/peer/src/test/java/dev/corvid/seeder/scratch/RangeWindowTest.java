package dev.corvid.seeder.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeWindowTest {
  @TempDir Path scratch;

  /** Its name is gone at once, so that a killed process leaves nothing. */
  @Test
  void aRingOutlivesNoProcess() throws Exception {
    try (var ring = RangeWindow.ring(scratch.resolve("ahead"), 8)) {
      ring.write(13, new byte[] {1, 2, 3, 4, 5}, 0, 5);

      assertThat(scratch).isEmptyDirectory();
      var read = new byte[5];
      assertThat(ring.read(13, read, 0, 5)).isEqualTo(3);
      assertThat(ring.read(16, read, 3, 2)).isEqualTo(2);
      assertThat(read).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void nothingIsWrittenOnceItIsClosed() throws Exception {
    var ring = RangeWindow.ring(scratch.resolve("ahead"), 8);
    ring.close();

    assertThatThrownBy(() -> ring.write(0, new byte[1], 0, 1))
        .isInstanceOf(ClosedChannelException.class);
  }
}

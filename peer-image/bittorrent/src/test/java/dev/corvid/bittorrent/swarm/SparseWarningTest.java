package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class SparseWarningTest {
  private final SparseWarning warning = new SparseWarning();

  @Test
  void warnsOnceAMinuteAndCountsTheOthers() {
    assertThat(warning.next(0)).isEqualTo(Level.WARNING);
    assertThat(warning.before()).isEmpty();
    for (var i = 1; i <= 1000; i++) {
      assertThat(warning.next(i)).isEqualTo(Level.FINE);
      assertThat(warning.before()).isEmpty();
    }
    assertThat(warning.next(SparseWarning.APART)).isEqualTo(Level.WARNING);
    assertThat(warning.before()).isEqualTo("; 1000 more since the last warning");
  }
}

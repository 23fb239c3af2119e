package dev.corvid.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private static final ConnectionLimits LIMITS =
      ConnectionLimits.anonymous(1_000, 64, Timeouts.defaults());

  @Test
  void keepsNoMoreConnectionsThanFilesMayBeOpened() {
    for (var files = 150; files < 1_300; files++) {
      var within = LIMITS.within(files);
      assertThat(within.accepted()).isLessThanOrEqualTo(files - 64);
      assertThat(within.connections()).isGreaterThan((files - 64) / 2 - 20);
      assertThat(within.anonymous()).isEqualTo(within.connections());
      assertThat(within.perAddress()).isBetween(1, within.connections() / 2);
    }
  }

  @Test
  void keepsWhatItMayWhereFilesAreNotScarce() {
    assertThat(LIMITS.within(1 << 20)).isEqualTo(LIMITS);
    assertThat(LIMITS.within(0).connections()).as("a few in any case").isPositive();
  }

  @Test
  void readsTheSoftLimitOfTheKernel() {
    assertThat(
            OpenFiles.limit(
                List.of(
                    "Limit                     Soft Limit           Hard Limit           Units     ",
                    "Max open files            1024                 524288               files     ")))
        .hasValue(1024);
    assertThat(OpenFiles.limit(List.of("Max open files   unlimited   unlimited   files")))
        .isEmpty();
    assertThat(OpenFiles.left()).as("Linux says").isPresent();
  }
}

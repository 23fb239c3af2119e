package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookoutTest {
  private static final Trouble WHY = Trouble.nothingComes(List.of(), 0, true);

  private long bytes;
  private long now;
  private final Lookout lookout = new Lookout(new Mailbox(), () -> bytes, () -> WHY, () -> now);

  @Test
  void saysWithinAMinuteWhyNothingComes() {
    assertThat(lookout.watch(new Stage.Downloading())).isNull();
    pass(Lookout.PATIENCE.minusSeconds(1));
    assertThat(lookout.watch(new Stage.Downloading())).isNull();
    pass(Lookout.AGAIN);
    assertThat(lookout.watch(new Stage.Downloading())).isEqualTo(WHY);
    assertThat(Lookout.PATIENCE.plus(Lookout.AGAIN)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void isContentAgainAsSoonAsSomethingComes() {
    lookout.watch(new Stage.Waiting());
    pass(Duration.ofMinutes(5));
    assertThat(lookout.watch(new Stage.Waiting())).isEqualTo(WHY);
    bytes++;
    assertThat(lookout.watch(new Stage.Downloading())).isNull();
  }

  @Test
  void hasNothingToSayOfWhatIsThere() {
    lookout.watch(new Stage.Downloading());
    pass(Duration.ofMinutes(5));
    assertThat(lookout.watch(new Stage.Active())).isNull();
    assertThat(lookout.watch(new Stage.Downloading())).as("begins anew").isNull();
  }

  @Test
  void tellsWhoIsMissing() {
    var known = List.of(new InetSocketAddress("198.51.100.1", 6881));
    assertThat(Trouble.nothingComes(List.of(), 0, false).reason())
        .isEqualTo(Reason.TrackerUnavailable);
    assertThat(Trouble.nothingComes(known, 0, false).message())
        .contains("such as 198.51.100.1:6881:");
    assertThat(Trouble.nothingComes(known, 1, true).message()).contains("no full copy");
    assertThat(Trouble.nothingComes(List.of(), 0, true).reason())
        .isEqualTo(Reason.NoSeedsReachable);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}

package dev.corvid.tracker.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.SeederReport;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
  private final ChangeFeed feed = new ChangeFeed();

  @Test
  void theFirstByteOfASourceAndWhatIsWaitedForAreToldAtOnce() {
    assertThat(due(fetching(0, null), fetching(1, null))).isZero();
    assertThat(due(fetching(0, null), fetching(0, "waiting for the first byte"))).isZero();
  }

  @Test
  void furtherBytesOfASourceWaitForEachOther() {
    assertThat(due(fetching(1, null), fetching(2, null)))
        .isEqualTo(ChangeFeed.FIGURES_WITHIN.toNanos());
  }

  /** When a reader that knows the first is to be told the second. */
  private long due(Fleet.Seeder first, Fleet.Seeder second) {
    feed.seeder("uid", null, first, 0);
    feed.tell(0);
    long known = feed.sequence();
    feed.seeder("uid", first, second, 0);
    return feed.due(known, 0);
  }

  private static Fleet.Seeder fetching(long bytes, String message) {
    return new Fleet.Seeder(
        "pod",
        "10.0.0.9",
        new SeederReport(SeederReport.State.FETCHING, 6881, bytes, 1000, null, 0, null, message));
  }
}

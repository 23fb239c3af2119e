package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the connections do, each byte has one writer at a time, and its turn once. */
class RangePlanTest {
  private static final int TOTAL = 5_000;
  private static final int WINDOW = 400;
  private static final RangeSettings SETTINGS =
      new RangeSettings(0, 64, WINDOW, 1, 4, Duration.ZERO, System::nanoTime);

  private final List<RangePlan.Range> underWay = new ArrayList<>();
  private Random random;
  private RangePlan plan;
  private boolean inOrder;

  @Test
  void everyByteHasItsTurnOnce() {
    for (int seed = 0; seed < 300; seed++) {
      random = new Random(seed);
      transfer();
    }
  }

  /** The transfer's own connection may read more at once than others keep away from it. */
  @Test
  void whatTheOwnConnectionIsAboutToReadIsNobodyElses() {
    var gap = new RangePlan(SETTINGS, WINDOW, 0, TOTAL);
    assertThat(gap.reserve(300)).isEqualTo(300);

    assertThat(gap.next(null, 1, true, true).first()).isEqualTo(300);
    assertThat(gap.reserve(TOTAL)).isEqualTo(300);
  }

  @Test
  void whatIsCutOffARangeIsBroughtByAnother() {
    var cut = new RangePlan(SETTINGS, WINDOW, 0, TOTAL);
    var slow = cut.next(null, 1, false, false);
    assertThat(slow.claim(10)).isEqualTo(10);

    cut.cut(slow);

    assertThat(slow.claim(10)).isZero();
    assertThat(slow.isBeingWritten()).isTrue();
    slow.came();
    assertThat(slow.isOver()).isTrue();
    assertThat(slow.isWhole()).as("its rate says nothing").isFalse();
    var rest = cut.next(null, 1, false, false);
    assertThat(rest.first()).isEqualTo(10);
    assertThat(rest.end()).isEqualTo(64);
  }

  private void transfer() {
    plan = new RangePlan(SETTINGS, WINDOW, random.nextInt(100), TOTAL);
    underWay.clear();
    inOrder = true;
    for (int idle = 0; !plan.isDone(); idle++) {
      assertThat(idle).as("steps in which nothing has its turn").isLessThan(2_000);
      switch (random.nextInt(5)) {
        case 0 -> take();
        case 1 -> writeSome();
        case 2 -> cutSome();
        default -> idle = readSome() ? 0 : idle;
      }
      underWay.removeIf(range -> range.isOver() && !range.isBeingWritten());
    }
    assertThat(plan.position()).isEqualTo(TOTAL);
  }

  private void take() {
    var range = plan.next(null, 3, inOrder, random.nextBoolean());
    if (range != null) {
      assertThat(range.end()).isLessThanOrEqualTo(plan.position() + WINDOW);
      requireNoOtherOwner(range.first(), range.end());
      underWay.add(range);
    }
  }

  private void writeSome() {
    if (underWay.isEmpty()) {
      return;
    }
    var range = underWay.get(random.nextInt(underWay.size()));
    range.answered();
    if (range.isBeingWritten()) {
      range.came();
    } else {
      range.claim(1 + random.nextInt(80));
    }
  }

  private void cutSome() {
    if (!underWay.isEmpty() && random.nextInt(4) == 0) {
      plan.cut(underWay.get(random.nextInt(underWay.size())));
    }
  }

  /** Whether a byte had its turn. */
  private boolean readSome() {
    var current = plan.current();
    if (inOrder && (current != null || plan.isMissing())) {
      if (current != null && current.isAnswered() && random.nextInt(8) == 0) {
        inOrder = false;
        return false;
      }
      plan.passOver();
      underWay.forEach(RangePlan.Range::came); // which is waited for
      return false;
    }
    if (inOrder) {
      int count = plan.reserve(1 + random.nextInt(3 * SETTINGS.gap()));
      requireNoOtherOwner(plan.position(), plan.position() + count);
      take(); // meanwhile
      plan.passed(count);
      return true;
    }
    long here = current == null ? 0 : current.arrived() - plan.position();
    if (here > 0) {
      plan.passed((int) (1 + random.nextLong(here)));
    }
    return here > 0;
  }

  private void requireNoOtherOwner(long first, long end) {
    assertThat(underWay)
        .noneMatch(
            range -> {
              long owned = range.isBeingWritten() ? range.claimed() : range.end();
              return range.arrived() < end && Math.max(owned, range.end()) > first;
            });
  }
}

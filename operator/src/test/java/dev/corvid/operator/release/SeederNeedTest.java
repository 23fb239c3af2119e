package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.census;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member.Reach;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeederNeedTest {
  @Test
  void fetchesAtOnceForNodesThatHaveNotSpokenYet() {
    assertThat(SeederNeed.of(Optional.empty(), census(with(fresh("a"), Reach.PENDING)), false))
        .isTrue();
  }

  @Test
  void fetchesNothingForNobody() {
    assertThat(SeederNeed.of(Optional.empty(), census(), false)).isFalse();
  }

  @Test
  void seedsUntilThreeNodesHoldACopy() {
    assertThat(keep(census(serving("a", NEW), serving("b", NEW), fresh("c"), fresh("d")))).isTrue();
    assertThat(keep(census(serving("a", NEW), serving("b", NEW), serving("c", NEW), fresh("d"))))
        .isFalse();
  }

  @Test
  void seedsUntilAllHoldACopyWhereThereAreFewer() {
    assertThat(keep(census(serving("a", NEW), fresh("b")))).isTrue();
    assertThat(keep(census(serving("a", NEW), serving("b", NEW)))).isFalse();
  }

  @Test
  void comesBackOnlyWhenNoCopyCanBeReached() {
    var gone = with(serving("a", NEW), Reach.UNREACHABLE);

    assertThat(start(census(serving("a", NEW), downloading("b", NEW, null)))).isFalse();
    assertThat(start(census(gone, downloading("b", NEW, null)))).isTrue();
  }

  @Test
  void decidesNothingBeforeTheNodesHaveSpoken() {
    var silent = with(fresh("a"), Reach.PENDING);

    assertThat(start(census(silent, fresh("b")))).isFalse();
    assertThat(keep(census(silent, serving("b", NEW)))).isTrue();
  }

  private static boolean keep(Census census) {
    return SeederNeed.of(Optional.of(NEW), census, true);
  }

  private static boolean start(Census census) {
    return SeederNeed.of(Optional.of(NEW), census, false);
  }
}

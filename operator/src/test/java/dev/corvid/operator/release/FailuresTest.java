package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.census;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Reason;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures one = after(Failures.NONE, failed("a", NEW, Reason.InsufficientDisk));

  @Test
  void aNodeThatTriesAgainHasStillFailed() {
    assertThat(after(one, downloading("a", NEW, OLD)).byNode()).isEqualTo(one.byNode());
  }

  @Test
  void aNodeThatHoldsTheRevisionHasNot() {
    assertThat(after(one, placed("a", NEW, OLD)).count()).isZero();
    assertThat(after(one, serving("a", NEW)).count()).isZero();
  }

  @Test
  void thoseOfAnotherRevisionAreForgotten() {
    var next = one.next(OLD.manifestDigest(), census(downloading("a", OLD, null)), NOW);

    assertThat(next.count()).isZero();
  }

  @Test
  void theTimeOfAFailureIsThatOfTheLastAttempt() {
    var later =
        one.next(
            NEW.manifestDigest(),
            census(failed("a", NEW, Reason.InsufficientDisk)),
            NOW.plusSeconds(60));

    assertThat(later.byNode().get("a").lastTime()).isEqualTo(NOW.toString());
  }

  @Test
  void tellTheirOwnReasonIfNoneMayFail() {
    var two =
        after(
            Failures.NONE,
            failed("a", NEW, Reason.InsufficientDisk),
            failed("b", NEW, Reason.InsufficientDisk));

    assertThat(two.tooMany(2)).isEmpty();
    assertThat(two.tooMany(1).orElseThrow().reason()).isEqualTo(Reason.TooManyFailedNodes);
    assertThat(two.tooMany(0).orElseThrow().reason()).isEqualTo(Reason.InsufficientDisk);
  }

  private static Failures after(Failures before, Member... members) {
    return before.next(NEW.manifestDigest(), census(members), NOW);
  }
}

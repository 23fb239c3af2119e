package dev.corvid.operator.release.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Reason;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final Problem CLAIM = new Problem(Reason.ClaimConflict, "the claim is taken");
  private static final Problem STEP = new Problem(Reason.Progressing, "failed to list; retrying");

  @Test
  void twoAtOnceAreBothTold() {
    assertThat(Problem.both(CLAIM, STEP))
        .isEqualTo(
            new Problem(
                Reason.ClaimConflict, "the claim is taken; failed to list; retrying", false));
    assertThat(Problem.both(null, STEP)).isEqualTo(STEP);
    assertThat(Problem.both(CLAIM, null)).isEqualTo(CLAIM);
    assertThat(Problem.both(null, null)).isNull();
  }
}

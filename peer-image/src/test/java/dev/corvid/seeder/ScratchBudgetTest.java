package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScratchBudgetTest {
  private static final long LIMIT = 1 << 20;

  private final ScratchBudget budget = new ScratchBudget(LIMIT);

  /** The length of a sparse entry is what the archive says it is. */
  @Test
  void noLengthIsSoGreatThatItTakesNothing() {
    for (long length : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 4096, Long.MAX_VALUE - 8191}) {
      assertThat(ScratchBudget.onDisk(length)).as("%d", length).isGreaterThan(LIMIT);
      assertThatThrownBy(() -> budget.take(ScratchBudget.onDisk(length)))
          .hasMessageContaining("raise spec.seeder.scratch.sizeLimit");
    }
  }

  @Test
  void eachAttemptMayDecompressAsMuch() throws Exception {
    budget.decompressed(LIMIT);

    budget.reset();

    budget.decompressed(LIMIT);
    assertThatThrownBy(() -> budget.decompressed(1)).hasMessageContaining("unpacks to more than");
  }
}

package dev.corvid.seeder.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.unpack.UnpackFormat;
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

  /** As a source may claim it, too. */
  @Test
  void noSourceIsSoLargeThatLessThanNothingIsNeeded() {
    for (var format : UnpackFormat.values()) {
      for (long length : new long[] {5_000_000_000_000_000_000L, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> budget.require(length, format.needed(length)))
            .as("%s of %d", format, length)
            .hasMessageEndingWith("; raise spec.seeder.scratch.sizeLimit");
      }
    }
  }

  /** A fifth of the source took all of it. */
  @Test
  void estimatesWhatAllOfTheSourceNeeds() throws Exception {
    var large = new ScratchBudget(20L << 30);
    large.estimateBy(50L << 30, () -> 10L << 30);
    large.take(20L << 30);

    assertThatThrownBy(() -> large.take(4096))
        .hasMessageContaining(
            "raise spec.seeder.scratch.sizeLimit to at least 107Gi, or with a volumeClaimTemplate its storage request (estimated: 20 % of the source were read)");
    assertThatThrownBy(() -> large.decompressed(21L << 30)).hasMessageContaining("least 112Gi");
    large.reset();
    assertThatThrownBy(() -> large.take(30L << 30)).hasMessageContaining("to at least 32Gi, or");
  }

  @Test
  void eachAttemptMayDecompressAsMuch() throws Exception {
    budget.decompressed(LIMIT);

    budget.reset();

    budget.decompressed(LIMIT);
    assertThatThrownBy(() -> budget.decompressed(1)).hasMessageContaining("unpacks to more than");
  }
}

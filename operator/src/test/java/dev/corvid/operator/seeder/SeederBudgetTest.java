package dev.corvid.operator.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.Seeder;
import dev.corvid.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeederBudgetTest {
  private final SeederBudget budget = new SeederBudget(OperatorConfig.Seeder.DEFAULT);

  /** The schema refuses most of them; a release may be older than the schema. */
  @ParameterizedTest
  @CsvSource({"-1099511627776,1", "-1Ti,1", "0,1", "0.5,1", "2Ki,2048", "4Ei,1152921504606846976"})
  void scratchSpaceIsWithinBounds(String limit, long bytes) {
    var seeder = scratch(new Seeder.Scratch(new Quantity(limit), null));

    assertThat(budget.scratchBytes(seeder)).isEqualTo(bytes);
    assertThat(budget.nodeBytes(seeder)).isEqualTo(bytes);
  }

  @Test
  void aClaimIsNoSpaceOfTheNode() {
    var requests = new Seeder.Scratch.ClaimRequests(new Quantity("300Gi"));
    var claim =
        new Seeder.Scratch.ClaimSpec(null, "fast", new Seeder.Scratch.ClaimResources(requests));
    var seeder = scratch(new Seeder.Scratch(null, new Seeder.Scratch.VolumeClaimTemplate(claim)));

    assertThat(budget.scratchBytes(seeder)).isEqualTo(300L << 30);
    assertThat(budget.nodeBytes(seeder)).isZero();
    assertThat(budget.resources(seeder).getLimits().get("ephemeral-storage"))
        .isEqualTo(new Quantity(Long.toString(256L << 20)));
  }

  private static Seeder scratch(Seeder.Scratch scratch) {
    return new Seeder(scratch, null, null, null, null, null, null, null);
  }
}

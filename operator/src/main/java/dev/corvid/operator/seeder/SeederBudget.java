package dev.corvid.operator.seeder;

import dev.corvid.api.v1alpha1.Seeder;
import dev.corvid.api.v1alpha1.Seeder.Scratch;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.wire.text.ByteSize;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a seeder's pod may use of its node. */
final class SeederBudget {
  /** Beyond the scratch volume: logs and /tmp. */
  private static final long OTHER_EPHEMERAL_BYTES = 256L << 20;

  /** A kubelet takes a volume's limit of zero for none, and less would be room for others. */
  private static final BigDecimal LEAST_BYTES = BigDecimal.ONE;

  /** What a quantity of the schema may exceed, and a long may not. */
  private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(1L << 60);

  private final OperatorConfig.Seeder config;

  SeederBudget(OperatorConfig.Seeder config) {
    this.config = config;
  }

  /** The release's, else the chart's, else modest ones; always with ephemeral storage. */
  ResourceRequirements resources(@Nullable Seeder seeder) {
    ResourceRequirements chosen =
        seeder != null && seeder.resources() != null ? seeder.resources() : config.resources();
    var resources =
        chosen != null
            ? new ResourceRequirementsBuilder(chosen)
            : new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("192Mi"))
                .addToLimits("cpu", new Quantity("2"))
                .addToLimits("memory", new Quantity("384Mi"));
    long limit = nodeBytes(seeder) + OTHER_EPHEMERAL_BYTES;
    if (resources.getLimits() == null || !resources.getLimits().containsKey("ephemeral-storage")) {
      resources.addToLimits("ephemeral-storage", new Quantity(Long.toString(limit)));
    }
    if (resources.getRequests() == null
        || !resources.getRequests().containsKey("ephemeral-storage")) {
      resources.addToRequests(
          "ephemeral-storage", new Quantity(Long.toString(Math.min(limit, 1L << 30))));
    }
    return resources.build();
  }

  /** How much a source may take while it is fetched and unpacked. */
  long scratchBytes(@Nullable Seeder seeder) {
    return claim(seeder)
        .map(claim -> bytes(claim.resources().requests().storage()))
        .or(() -> scratch(seeder).map(Scratch::sizeLimit).map(SeederBudget::bytes))
        .orElseGet(() -> ByteSize.parse(config.scratchSizeLimit()));
  }

  /** How much of that is on the node's own disk: nothing where it has a volume of its own. */
  long nodeBytes(@Nullable Seeder seeder) {
    return claim(seeder).isPresent() ? 0 : scratchBytes(seeder);
  }

  /** What the scratch volume is claimed by; empty for space on the node. */
  static Optional<Scratch.ClaimSpec> claim(@Nullable Seeder seeder) {
    return scratch(seeder).map(Scratch::volumeClaimTemplate).map(Scratch.VolumeClaimTemplate::spec);
  }

  private static Optional<Scratch> scratch(@Nullable Seeder seeder) {
    return Optional.ofNullable(seeder).map(Seeder::scratch);
  }

  static long bytes(Quantity limit) {
    return Quantity.getAmountInBytes(limit).max(LEAST_BYTES).min(MOST_BYTES).longValue();
  }
}

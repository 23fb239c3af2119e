package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.Bandwidth;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.text.Rate;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What {@code spec.bandwidth} means for nodes and for the seeder. */
public final class BandwidthLimits {
  private static final BigDecimal LEAST = BigDecimal.valueOf(Rate.LEAST);
  private static final BigDecimal MOST = BigDecimal.valueOf(Rate.MOST);

  private BandwidthLimits() {}

  /** Of each node. */
  public static NodeLimits ofNode(SwarmReleaseSpec spec) {
    Bandwidth bandwidth = spec.bandwidth();
    return bandwidth == null
        ? NodeLimits.NONE
        : new NodeLimits(rate(bandwidth.nodeDownload()), rate(bandwidth.nodeUpload()));
  }

  /** Of the pod that fetches the source. It is on a node, too, and uploads as one. */
  public static SeederLimits ofSeeder(SwarmReleaseSpec spec) {
    Bandwidth bandwidth = spec.bandwidth();
    return bandwidth == null
        ? SeederLimits.NONE
        : new SeederLimits(rate(bandwidth.origin()), rate(bandwidth.nodeUpload()));
  }

  /** Bytes per second, 0 for no limit. The CRD has the same bounds. */
  private static long rate(@Nullable Quantity quantity) {
    return quantity == null
        ? 0
        : Quantity.getAmountInBytes(quantity)
            .max(LEAST)
            .min(MOST)
            .setScale(0, RoundingMode.CEILING)
            .longValueExact();
  }
}

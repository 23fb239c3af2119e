package dev.corvid.operator.release;

import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How often something was refused that others say or want. */
final class RefusalMetrics implements MeterBinder {
  private final PublicationVerifier verifier;
  private final RankCheck ranks;
  private final NodeLabels labels;

  RefusalMetrics(PublicationVerifier verifier, RankCheck ranks, NodeLabels labels) {
    this.verifier = verifier;
    this.ranks = ranks;
    this.labels = labels;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder(
            "corvid.operator.publications.refused", verifier, PublicationVerifier::refused)
        .description(
            "Publications refused because they did not come from the seeder's pod, were not"
                + " proven by its key, or differ from what the spec pins")
        .register(registry);
    FunctionCounter.builder("corvid.operator.node.labels.refused", labels, NodeLabels::refused)
        .description("Labels not set because the Node already has 256 labels of releases")
        .register(registry);
    FunctionCounter.builder("corvid.operator.reports.refused", ranks, RankCheck::refused)
        .description("Reports of nodes that were ignored, by kind")
        .tag("kind", "epoch")
        .register(registry);
  }
}

package dev.corvid.operator.release;

import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How often something was refused that others say or want. */
final class RefusalMetrics implements MeterBinder {
  private final PublicationVerifier publications;
  private final RankCheck epochs;
  private final NodeLabels labels;

  RefusalMetrics(PublicationVerifier publications, RankCheck epochs, NodeLabels labels) {
    this.publications = publications;
    this.epochs = epochs;
    this.labels = labels;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder(
            "corvid.operator.publications.refused", publications, PublicationVerifier::refused)
        .description(
            "Publications refused because they did not come from the seeder's pod, were not"
                + " proven by its key, or differ from what the spec pins")
        .register(registry);
    FunctionCounter.builder("corvid.operator.node.labels.refused", labels, NodeLabels::refused)
        .description("Labels not set because the Node already has 256 labels of releases")
        .register(registry);
    FunctionCounter.builder("corvid.operator.reports.refused", epochs, RankCheck::refused)
        .description("Reports of nodes that were ignored, by kind")
        .tag("kind", "epoch")
        .register(registry);
  }
}

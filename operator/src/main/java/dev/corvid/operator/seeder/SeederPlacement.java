package dev.corvid.operator.seeder;

import dev.corvid.api.v1alpha1.Seeder;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeAffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a seeder runs: where both the chart and its release let it. */
final class SeederPlacement {
  private SeederPlacement() {}

  /**
   * @param chart null for anywhere
   * @param seeder null when the release says nothing of it
   */
  static @Nullable Affinity affinity(@Nullable Affinity chart, @Nullable Seeder seeder) {
    NodeAffinity own =
        seeder == null || seeder.affinity() == null ? null : seeder.affinity().nodeAffinity();
    if (own == null) {
      return chart;
    }
    NodeAffinity base =
        Optional.ofNullable(chart).map(Affinity::getNodeAffinity).orElseGet(NodeAffinity::new);
    var both =
        new NodeAffinityBuilder(base)
            .addAllToPreferredDuringSchedulingIgnoredDuringExecution(
                own.getPreferredDuringSchedulingIgnoredDuringExecution());
    List<NodeSelectorTerm> terms =
        and(
            terms(base.getRequiredDuringSchedulingIgnoredDuringExecution()),
            terms(own.getRequiredDuringSchedulingIgnoredDuringExecution()));
    if (!terms.isEmpty()) {
      both.withNewRequiredDuringSchedulingIgnoredDuringExecution()
          .withNodeSelectorTerms(terms)
          .endRequiredDuringSchedulingIgnoredDuringExecution();
    }
    return (chart == null ? new AffinityBuilder() : new AffinityBuilder(chart))
        .withNodeAffinity(both.build())
        .build();
  }

  private static List<NodeSelectorTerm> terms(@Nullable NodeSelector selector) {
    return selector == null ? List.of() : selector.getNodeSelectorTerms();
  }

  /** A node has to meet one of the terms of each side: one of all pairs, whole. */
  private static List<NodeSelectorTerm> and(
      List<NodeSelectorTerm> ones, List<NodeSelectorTerm> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() ? others : ones;
    }
    return ones.stream()
        .flatMap(
            one ->
                others.stream()
                    .map(
                        other ->
                            new NodeSelectorTermBuilder(one)
                                .addAllToMatchExpressions(other.getMatchExpressions())
                                .addAllToMatchFields(other.getMatchFields())
                                .build()))
        .toList();
  }
}

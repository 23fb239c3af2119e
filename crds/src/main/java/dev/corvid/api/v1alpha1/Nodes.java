package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.LabelSelector;

/** The nodes that get the release. */
public record Nodes(
    @Required
        @JsonPropertyDescription(
            "Label selector over Nodes; {} is every node on which a Corvid peer runs.")
        LabelSelector selector,
    @Default("1")
        @Min(0)
        @Max(100_000)
        @JsonPropertyDescription("With fewer matching nodes the release is Stalled.")
        Integer minimum) {
  public Nodes {
    minimum = minimum == null ? 1 : minimum;
  }
}

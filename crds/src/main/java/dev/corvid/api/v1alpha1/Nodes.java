package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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
    @Min(0)
        @Max(100_000)
        @JsonPropertyDescription(
            "How many nodes must match. Unset: one, once; while none matches a release that was"
                + " never active is Reconciling, and one that was active stays Ready with the"
                + " condition NodesMatched=False, as for a pool that is scaled to zero. 0: Ready"
                + " without nodes. 1 or more: with fewer nodes the release is Stalled.")
        Integer minimum) {}

package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** The nodes that get the release. */
public record Nodes(
    @Required
        @JsonPropertyDescription(
            "Label selector over Nodes; {} is every node on which a Corvid peer runs.")
        LabelSelector selector,
    @Min(0)
        @Max(100_000)
        @JsonPropertyDescription(
            "How many nodes must match, 0 to 100000. Unset: at least one until the release has been"
                + " active for the first time; afterwards it stays Ready while none matches, with the"
                + " condition NodesMatched=False, as for a pool that is scaled to zero. 0: Ready"
                + " without nodes. 1 or more: Stalled while fewer nodes match.")
        @Nullable Integer minimum) {}

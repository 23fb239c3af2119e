package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** How fast a release's content may move, in bytes per second. */
public record Bandwidth(
    @JsonPropertyDescription(
            "Maximum bytes per second that a node downloads of this release, such as 400Mi: 64Ki"
                + " to 1Ti, in bytes, not bits (10 Gbit/s is 1.25G). Unset: only the chart's"
                + " peer.bandwidth.download applies.")
        @Nullable Quantity nodeDownload,
    @JsonPropertyDescription(
            "Maximum bytes per second that a node uploads of this release to other nodes, such"
                + " as 200Mi: 64Ki to 1Ti. The same for the seeder's pod. Unset: only the"
                + " chart's peer.bandwidth.upload applies, which does not cover the seeder's"
                + " pod.")
        @Nullable Quantity nodeUpload,
    @JsonPropertyDescription(
            "Maximum bytes per second that the seeder reads from the source, such as 100Mi, over"
                + " all of its connections and mirrors: 64Ki to 1Ti. Unset: no limit; the chart"
                + " has no default for it.")
        @Nullable Quantity origin) {}

package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;

/** How fast a release's content may move, in bytes per second. */
public record Bandwidth(
    @JsonPropertyDescription(
            "Most bytes per second of this release that a node downloads, such as 400Mi. Without it"
                + " only the chart's peer.bandwidth.download limits the node.")
        Quantity nodeDownload,
    @JsonPropertyDescription(
            "Most bytes per second of this release that a node uploads to other nodes, such as"
                + " 200Mi; the same for the seeder's pod. Without it only the chart's"
                + " peer.bandwidth.upload limits the node.")
        Quantity nodeUpload,
    @JsonPropertyDescription(
            "Most bytes per second that the seeder reads from the source, such as 100Mi, with all of"
                + " its connections and mirrors together.")
        Quantity origin) {}

package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;

/** How fast a release's content may move, in bytes per second. */
public record Bandwidth(
    @JsonPropertyDescription(
            "Most bytes per second of this release that a node downloads, such as 400Mi: 64Ki to 1Ti,"
                + " in bytes, not bits (10 Gbit/s is 1.25G). Unset: no limit but the chart's"
                + " peer.bandwidth.download.")
        Quantity nodeDownload,
    @JsonPropertyDescription(
            "Most bytes per second of this release that a node uploads to other nodes, such as"
                + " 200Mi: 64Ki to 1Ti. The same for the seeder's pod. Unset: no limit but the chart's"
                + " peer.bandwidth.upload, which does not cover the seeder's pod.")
        Quantity nodeUpload,
    @JsonPropertyDescription(
            "Most bytes per second that the seeder reads from the source, such as 100Mi, with all of"
                + " its connections and mirrors together: 64Ki to 1Ti. Unset: no limit; the chart has"
                + " no default for it.")
        Quantity origin) {}

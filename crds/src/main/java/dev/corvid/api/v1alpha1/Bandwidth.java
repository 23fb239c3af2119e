package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;

/** Limits in bytes per second; the chart's ceilings win. */
public record Bandwidth(
    @JsonPropertyDescription("Download of one node.") Quantity nodeDownload,
    @JsonPropertyDescription("Upload of one node.") Quantity nodeUpload,
    @JsonPropertyDescription("Fetch from the source.") Quantity origin) {}

package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** The pod that fetches the source and seeds it. */
public record Seeder(
    @JsonPropertyDescription("Where it keeps the archive and its files.") Scratch scratch,
    @JsonPropertyDescription("Compute resources; the chart's where absent.")
        ResourceRequirements resources,
    @JsonPropertyDescription("Labels of the nodes that it may run on.")
        Map<String, String> nodeSelector,
    @Size(max = 12) @JsonPropertyDescription("Taints that it tolerates.")
        List<Toleration> tolerations) {

  /** The seeder's scratch volume. */
  public record Scratch(
      @JsonPropertyDescription(
              "Most bytes that archive and files may take together, such as 20Gi; the chart's where"
                  + " absent.")
          Quantity sizeLimit) {}
}

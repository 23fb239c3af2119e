package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pod that fetches the source and seeds it. */
@ValidationRule(
    value =
        "!has(self.priorityClassName) || (self.priorityClassName.matches("
            + "'^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')"
            + " && !self.priorityClassName.startsWith('system-'))",
    message =
        "priorityClassName must be the name of a PriorityClass, such as batch, and none of the"
            + " cluster's own, which begin with system-",
    fieldPath = ".priorityClassName")
public record Seeder(
    @JsonPropertyDescription(
            "Where it keeps what it fetches and unpacks: sizeLimit or volumeClaimTemplate, never"
                + " both.")
        @Nullable Scratch scratch,
    @JsonPropertyDescription("Compute resources. Default: the chart's seeder.resources.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("Labels of the nodes that it may run on.")
        @Nullable Map<String, String> nodeSelector,
    @Size(max = 12) @JsonPropertyDescription("Taints that it tolerates.")
        @Nullable List<Toleration> tolerations,
    @JsonPropertyDescription("Where it may or should run, in addition to nodeSelector.")
        @Nullable Affinity affinity,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "Name of its PriorityClass. Default: the cluster's default" + " class.")
        @Nullable String priorityClassName,
    @JsonPropertyDescription(
            "Labels of the pod, at most 8, such as a team's name. Those of the chart and of"
                + " Corvid take precedence. The same domains as in annotations are refused.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription(
            "Annotations of the pod, at most 8, of at most 256 characters each, such as"
                + " cluster-autoscaler.kubernetes.io/safe-to-evict. Those of the chart and of"
                + " Corvid take precedence. Domains that container runtimes, network plugins and"
                + " webhooks read to give a pod devices, networks, sidecars or credentials are"
                + " refused.")
        @Nullable Map<String, String> annotations) {

  /** The seeder's scratch volume. */
  @ValidationRule(
      value = "!has(self.sizeLimit) || !has(self.volumeClaimTemplate)",
      message =
          "write either sizeLimit, for space on the node, or volumeClaimTemplate, for a volume of a"
              + " storage class")
  public record Scratch(
      @JsonPropertyDescription(
              "Bytes of the node's own disk that it may use, such as 20Gi. Default: the chart's"
                  + " seeder.scratchSizeLimit. A file that is not unpacked needs its size; a"
                  + " tar, compressed or not, at least the size of its files, and the archive's"
                  + " as well for a restarted seeder to resume; a zip both. More than half of"
                  + " the chart's limits.scratch is refused as LimitExceeded. It is lost with"
                  + " the pod: a replaced seeder fetches again.")
          @Nullable Quantity sizeLimit,
      @JsonPropertyDescription(
              "A claim for a volume of its own, in place of the node's disk and of sizeLimit, with"
                  + " the storage request as the limit. It is created with the pod and deleted with"
                  + " it: a replaced seeder fetches again. The chart's limits.scratch does not count"
                  + " it, the namespace's ResourceQuota does.")
          @Nullable VolumeClaimTemplate volumeClaimTemplate) {

    /** What a pod's ephemeral volume is made from. */
    public record VolumeClaimTemplate(
        @Required @JsonPropertyDescription("The claim's spec.") ClaimSpec spec) {}

    /** The part of a PersistentVolumeClaim's spec that scratch space may choose. */
    @ValidationRule(
        value =
            "!has(self.storageClassName) || self.storageClassName.matches("
                + "'^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
        message = "storageClassName must be the name of a StorageClass, such as fast-ssd",
        fieldPath = ".storageClassName")
    public record ClaimSpec(
        @Default("[\"ReadWriteOnce\"]")
            @Size(min = 1, max = 1)
            @JsonPropertyDescription(
                "How it is mounted: ReadWriteOnce (default) by one node, ReadWriteOncePod by one pod.")
            List<AccessMode> accessModes,
        @Size(min = 1, max = 253)
            @JsonPropertyDescription(
                "Name of its StorageClass. Default: the cluster's default class.")
            @Nullable String storageClassName,
        @Required @JsonPropertyDescription("How large it is.") ClaimResources resources) {
      public ClaimSpec {
        accessModes =
            accessModes == null ? List.of(AccessMode.ReadWriteOnce) : List.copyOf(accessModes);
      }
    }

    /** How a claim is mounted. */
    public enum AccessMode {
      ReadWriteOnce,
      ReadWriteOncePod
    }

    /** What a claim asks for. */
    public record ClaimResources(
        @Required @JsonPropertyDescription("What it needs.") ClaimRequests requests) {}

    /** What a claim needs. */
    public record ClaimRequests(
        @Required
            @JsonPropertyDescription(
                "Bytes of the volume, such as 300Gi: as much as sizeLimit would have to be, and"
                    + " 10 % more, because the file system itself needs some.")
            Quantity storage) {}
  }

  /** As in a pod's spec; pods are not placed by other pods. */
  public record Affinity(
      @JsonPropertyDescription(
              "By the labels of nodes. The chart must allow seeders on the node, too.")
          @Nullable NodeAffinity nodeAffinity) {}
}

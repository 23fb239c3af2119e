package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What the user wants. The operator never writes it. */
@ValidationRule(
    value = "self.root == oldSelf.root",
    message = "root is immutable: delete the release and create it with the other root")
@ValidationRule(
    value =
        "!has(self.version) || self.version.matches('^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$')",
    message =
        "version must be fit for a label: letters, digits, -, _ and ., with a letter or digit at"
            + " either end, such as 2026.11.20; leave it out for none",
    fieldPath = ".version")
public record SwarmReleaseSpec(
    @Size(max = 63)
        @JsonPropertyDescription(
            "What people call this content, such as \"2026.11.20\" (quoted, where YAML would read a"
                + " number): at most 63 letters, digits, -, _ and ., as in a label. If the source is"
                + " pinned by a digest, another version is another name for the same content, and"
                + " nothing is fetched. If not, another version fetches the source again.")
        String version,
    @Required
        @JsonPropertyDescription(
            "Where the content comes from. It is fetched once, by one pod in this namespace.")
        Source source,
    @Default("default")
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Name of a root: a directory on the nodes that the cluster's admin opened in the Helm"
                + " values. Immutable.")
        String root,
    @Required @JsonPropertyDescription("The nodes that get the release.") Nodes nodes,
    @JsonPropertyDescription("How a new revision becomes active.") Rollout rollout,
    @JsonPropertyDescription(
            "Limits in bytes per second of the content itself, without the overhead of protocols. A"
                + " change is in force within 2 s, without a new roll-out, except while the release"
                + " is refused. The chart's ceilings for a node hold over all of its releases,"
                + " whatever a release allows.")
        Bandwidth bandwidth,
    @JsonPropertyDescription("The pod that fetches the source and seeds it.") Seeder seeder,
    @Default("2")
        @Min(0)
        @Max(20)
        @JsonPropertyDescription(
            "Earlier revisions that stay on the nodes, so that a reverted edit needs no download.")
        Integer revisionHistoryLimit,
    @Default("false")
        @JsonPropertyDescription(
            "While true nothing new is fetched, placed or activated; what is active stays.")
        Boolean suspend,
    @Default("Delete")
        @JsonPropertyDescription(
            "What becomes of the files on the nodes when the release is deleted: Delete or Retain.")
        Deletion deletionPolicy) {

  /** What becomes of the files when the release is deleted. */
  public enum Deletion {
    Delete,
    Retain
  }

  public SwarmReleaseSpec {
    root = root == null ? "default" : root;
    rollout = rollout == null ? Rollout.DEFAULT : rollout;
    revisionHistoryLimit = revisionHistoryLimit == null ? 2 : revisionHistoryLimit;
    suspend = suspend != null && suspend;
    deletionPolicy = deletionPolicy == null ? Deletion.Delete : deletionPolicy;
  }
}

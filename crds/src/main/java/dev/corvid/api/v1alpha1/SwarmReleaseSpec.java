package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

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
            "Name of this content for people, such as \"2026.11.20\" (quoted, where YAML would"
                + " read a number): at most 63 letters, digits, -, _ and ., as in a label. If"
                + " the source is pinned by a digest, a new version only renames the content,"
                + " and nothing is fetched. If not, a new version fetches the source again.")
        @Nullable String version,
    @Required
        @JsonPropertyDescription(
            "Where the content comes from. It is fetched once, by one pod in this namespace.")
        Source source,
    @Default("default")
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Name of a root: a directory on the nodes that the cluster's admin configured in the"
                + " Helm values. Default: the root named default. Immutable.")
        String root,
    @Required @JsonPropertyDescription("The nodes that get the release.") Nodes nodes,
    @JsonPropertyDescription("How a new revision becomes active.") Rollout rollout,
    @JsonPropertyDescription(
            "Limits in bytes per second of the content itself, without the overhead of"
                + " protocols. A change takes effect within 2 s, without a new roll-out; while"
                + " the reason of Ready is InvalidSpec, RootUnknown, RootNotAllowed or"
                + " LimitExceeded, nodes may keep the earlier limits. The chart's ceilings for a"
                + " node apply to all of its releases together, whatever a release allows, but"
                + " not to a seeder's pod: limit that with nodeUpload and origin.")
        @Nullable Bandwidth bandwidth,
    @JsonPropertyDescription(
            "The pod that fetches the source and seeds it. Until the content is published, any edit"
                + " of seeder or of source replaces the pod, and the fetch starts from zero; so does"
                + " another version of a source that is not pinned. An edit of bandwidth does not.")
        @Nullable Seeder seeder,
    @Default("2")
        @Min(0)
        @Max(20)
        @JsonPropertyDescription(
            "Earlier revisions that stay on the nodes, so that a reverted edit needs no"
                + " download: 0 to 20, default 2. With 0 every reverted edit is a download.")
        Integer revisionHistoryLimit,
    @Default("false")
        @JsonPropertyDescription(
            "While true nothing new is fetched, placed or activated; the active revision stays."
                + " Default false. The annotation corvid.dev/hold only keeps further nodes from"
                + " switching: content is still fetched and placed.")
        Boolean suspend,
    @Default("Delete")
        @JsonPropertyDescription(
            "What happens to the files on a node when the release is deleted, or no longer"
                + " selects the node. Delete (default) removes them. Retain leaves them in"
                + " <root>/<namespace>/<name>, where they count against quotas; a release with"
                + " this name, root and namespace that selects the node takes them over. To"
                + " remove them, create such a release with Delete, wait until it is Ready, and"
                + " delete it.")
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

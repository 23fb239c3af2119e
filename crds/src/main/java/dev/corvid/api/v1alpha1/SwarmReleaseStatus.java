package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed state, as the operator last wrote it. Written only when it changes. */
public record SwarmReleaseStatus(
    @JsonPropertyDescription(
            "The generation of the spec that this status describes; -1 until the operator has"
                + " seen the release.")
        @Nullable Long observedGeneration,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Ready, Reconciling, Stalled, Available, FullyPlaced, NodesMatched, RemovalHeld,"
                + " VolumeOutdated, AnnotationIgnored; metav1 conditions.")
        List<Condition> conditions,
    @JsonPropertyDescription("The spec.version of the current revision; absent if it has none.")
        @Nullable String currentVersion,
    @JsonPropertyDescription(
            "The revision that is active on every counted node, with no wave left to run.")
        @Nullable String currentRevision,
    @JsonPropertyDescription("The revision that the spec asks for, once its content is known.")
        @Nullable String updateRevision,
    @JsonPropertyDescription("The fetched content.") @Nullable SourceStatus source,
    @JsonPropertyDescription("Counts of nodes.") @Nullable NodesStatus nodes,
    @JsonPropertyDescription("How far the roll-out is.") @Nullable Progress progress,
    @JsonPropertyDescription("The running wave.") @Nullable WaveStatus wave,
    @JsonPropertyDescription("When the roll-out of the update revision began (RFC 3339).")
        @Nullable String rolloutStartTime,
    @JsonPropertyDescription("When a node last made progress (RFC 3339).")
        @Nullable String lastProgressTime,
    @Size(max = 20)
        @JsonPropertyDescription(
            "Nodes that failed, then nodes that do not answer, then nodes that have a problem"
                + " and have not failed, at most 20 in all; nodes counts all of them.")
        List<Failure> failures,
    @Size(max = 21)
        @JsonPropertyDescription(
            "Revisions, newest first: a summary. What a rollback needs is in a"
                + " ControllerRevision of each; the operator signs nothing because of this list.")
        List<Revision> history,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Proves to the operator that it wrote this status. It replaces a status without a"
                + " valid seal by its own.")
        @Nullable String seal) {

  /** What the source became. */
  public record SourceStatus(
      @JsonPropertyDescription(
              "SHA-256 of the manifest: the content itself. Copy it to"
                  + " spec.source.manifestDigest to pin the content.")
          String manifestDigest,
      @JsonPropertyDescription("What was fetched by HTTP.") @Nullable HttpStatus http,
      @JsonPropertyDescription("Bytes of all files.") Long sizeBytes,
      @JsonPropertyDescription("Bytes of all files in readable form, such as 1.2Gi.") String size,
      @JsonPropertyDescription("Regular files.") Integer fileCount,
      @JsonPropertyDescription(
              "Possible mistakes, such as a pattern of files that matched nothing.")
          @Nullable String note) {}

  /** What was fetched by HTTP. */
  public record HttpStatus(
      @JsonPropertyDescription(
              "SHA-256 of the fetched bytes. Copy it to spec.source.http.digest to pin them.")
          String digest) {}

  /** Counts of nodes. */
  public record NodesStatus(
      @JsonPropertyDescription("Nodes that match and run a peer.") Integer desired,
      @JsonPropertyDescription("Nodes that receive pieces now.") Integer downloading,
      @JsonPropertyDescription("Nodes that hold the update revision, verified.") Integer verified,
      @JsonPropertyDescription("Nodes on which the update revision is active.") Integer updated,
      @JsonPropertyDescription(
              "Nodes that failed to get the update revision and have not obtained it since, whether"
                  + " they can be reached or not; they retry.")
          Integer failed,
      @JsonPropertyDescription("Nodes that are NotReady or silent; not counted for Ready.")
          Integer unreachable,
      @JsonPropertyDescription("Matching nodes without a peer.") Integer unserved,
      @JsonPropertyDescription(
              "Nodes with a revision on disk, selected or not. After a restart of operator and"
                  + " tracker, nodes that have not reported yet are counted from the last known figure.")
          @Nullable Integer holding,
      @JsonPropertyDescription("Updated and desired nodes, such as 3/3.") String summary) {}

  /** How far the roll-out is. */
  public record Progress(
      @JsonPropertyDescription(
              "Bytes present, as a percentage of the bytes that all selected, reachable nodes need.")
          Integer percent,
      @JsonPropertyDescription("Current activity, as a word and a figure.") String summary,
      @JsonPropertyDescription("Bytes read from the source.") @Nullable Long originBytes,
      @JsonPropertyDescription("Bytes that nodes already held.") Long reusedBytes) {}

  /** The wave that runs, or that was the last. */
  public record WaveStatus(
      @JsonPropertyDescription("Number of the wave; the first is 1.") Integer index,
      @JsonPropertyDescription("Its name.") String name,
      @JsonPropertyDescription("Number of waves.") Integer total,
      @JsonPropertyDescription("When its nodes were first allowed to switch (RFC 3339).")
          String startTime,
      @JsonPropertyDescription(
              "When every reachable node of it, and at least one, had switched or failed; its pause"
                  + " counts from here (RFC 3339).")
          @Nullable String completionTime) {}

  /** A node that failed, does not answer, or has a problem and has not failed. */
  public record Failure(
      @JsonPropertyDescription("Name of the Node.") String nodeName,
      @JsonPropertyDescription("One of the reasons in docs/reference/reasons.md.") String reason,
      @JsonPropertyDescription("What happened, to what, what to do.") @Nullable String message,
      @JsonPropertyDescription("Attempts that have failed.") Integer count,
      @JsonPropertyDescription("When the last one did (RFC 3339).") String lastTime) {}

  /** One revision of this release, in short. */
  public record Revision(
      @JsonPropertyDescription("First 12 hex digits of the manifest's SHA-256.") String revision,
      @JsonPropertyDescription(
              "Value of spec.version when the revision was last requested: the only field that"
                  + " changes later.")
          @Nullable String version,
      @JsonPropertyDescription(
              "SHA-256 of the manifest. Goes into spec.source.manifestDigest, not into"
                  + " spec.source.http.digest.")
          String digest,
      @JsonPropertyDescription("When its roll-out began (RFC 3339).") @Nullable String startTime,
      @JsonPropertyDescription("When it was active on all nodes (RFC 3339).")
          @Nullable String completionTime,
      @JsonPropertyDescription("Progressing, Succeeded or Superseded.") @Nullable String result) {}

  public SwarmReleaseStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    failures = failures == null ? List.of() : List.copyOf(failures);
    history = history == null ? List.of() : List.copyOf(history);
  }

  /** The status of a release that nobody has looked at. */
  public static SwarmReleaseStatus empty() {
    return new SwarmReleaseStatus(
        null, List.of(), null, null, null, null, null, null, null, null, null, List.of(), List.of(),
        null);
  }

  /** The same with those conditions. */
  public SwarmReleaseStatus with(List<Condition> others) {
    return new SwarmReleaseStatus(
        observedGeneration,
        others,
        currentVersion,
        currentRevision,
        updateRevision,
        source,
        nodes,
        progress,
        wave,
        rolloutStartTime,
        lastProgressTime,
        failures,
        history,
        seal);
  }

  /** The same with that seal; null for none. */
  public SwarmReleaseStatus sealed(@Nullable String by) {
    return new SwarmReleaseStatus(
        observedGeneration,
        conditions,
        currentVersion,
        currentRevision,
        updateRevision,
        source,
        nodes,
        progress,
        wave,
        rolloutStartTime,
        lastProgressTime,
        failures,
        history,
        by);
  }
}

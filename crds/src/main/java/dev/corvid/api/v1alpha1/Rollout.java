package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.corvid.wire.text.DurationFormat;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a new revision becomes active: content is placed everywhere first, then nodes switch. */
@ValidationRule(
    value =
        "!has(self.waves) || self.waves.size() == 0 || (has(self.waves[self.waves.size() - 1].upTo)"
            + " && self.waves[self.waves.size() - 1].upTo == '100%')",
    message = "the last wave must be upTo: 100%, so that every node gets the release",
    fieldPath = ".waves")
@ValidationRule(
    value =
        "!has(self.waves) || self.waves.size() == 0 || !has(self.waves[self.waves.size() -"
            + " 1].pause)",
    message = "the last wave cannot have a pause, because no wave follows it: remove the pause",
    fieldPath = ".waves")
@ValidationRule(
    value =
        "!has(self.waves) || self.waves.all(w, !has(w.name) || self.waves.exists_one(v, has(v.name)"
            + " && v.name == w.name))",
    message = "two waves have the same name: give each its own, or none",
    fieldPath = ".waves")
@ValidationRule(
    value =
        "!has(self.waves) || [0, 1, 2, 3, 4, 5, 6, 7].all(i, i >= self.waves.size() ||"
            + " !has(self.waves[i].name) || !self.waves[i].name.matches('^wave-[1-9][0-9]{0,8}$')"
            + " || int(self.waves[i].name.replace('wave-', '')) == i + 1)",
    message =
        "wave-1, wave-2 and so on are what waves without a name are called, by their place: give"
            + " this wave its own, or another name",
    fieldPath = ".waves")
@ValidationRule(
    value =
        Rollout.EACH_WAVE
            + "type(self.waves[i].upTo) == string && self.waves[i].upTo.matches('"
            + Wave.PERCENTAGE
            + "') ? int(self.waves[i].upTo.replace('%', '')) : 0"
            + Rollout.NEVER_LESS,
    message = Rollout.SHRINKING,
    fieldPath = ".waves")
@ValidationRule(
    value =
        Rollout.EACH_WAVE
            + "type(self.waves[i].upTo) == int && int(self.waves[i].upTo) >= 1 ? int(self.waves[i].upTo) : 0"
            + Rollout.NEVER_LESS,
    message = Rollout.SHRINKING,
    fieldPath = ".waves")
@ValidationRule(
    value =
        "!has(self.maxConcurrent) || (type(self.maxConcurrent) == int ? self.maxConcurrent >= 1"
            + " : self.maxConcurrent.matches('^(100|[1-9][0-9]?)%$'))",
    message = "maxConcurrent must be a number of nodes, at least 1, or a percentage such as 10%",
    fieldPath = ".maxConcurrent")
@ValidationRule(
    value =
        "!has(self.maxFailed) || (type(self.maxFailed) == int ? self.maxFailed >= 0"
            + " : self.maxFailed.matches('^(100|[1-9]?[0-9])%$'))",
    message = "maxFailed must be a number of nodes, 0 or more, or a percentage such as 10%",
    fieldPath = ".maxFailed")
@ValidationRule(
    value = "!has(self.approvedRevision) || self.approvedRevision.matches('^[0-9a-f]{12,64}$')",
    message =
        "approvedRevision must be 12 to 64 lower-case hex digits: the revision's name, or more of"
            + " the manifest's digest as status.source.manifestDigest has it after sha256:",
    fieldPath = ".approvedRevision")
@ValidationRule(
    value = "!has(self.approvedRevision) || (has(self.approval) && self.approval == 'Required')",
    message =
        "approvedRevision is only read with approval: Required; write that, or remove"
            + " approvedRevision",
    fieldPath = ".approvedRevision")
public record Rollout(
    @Size(max = 8)
        @JsonPropertyDescription(
            "Groups of nodes that switch one after the other; each wave includes those before"
                + " it, and the last one is upTo: 100%. Without waves all nodes form a single"
                + " wave. Reverting an unfinished roll-out takes no waves, reverting a finished"
                + " one does.")
        List<Wave> waves,
    @Default("\"100%\"")
        @JsonPropertyDescription(
            "Nodes that switch at the same time: a number, at least 1, or a percentage of the"
                + " selected nodes, rounded up. Default 100%: all at once.")
        IntOrString maxConcurrent,
    @Default("0")
        @JsonPropertyDescription(
            "Nodes that may fail: a number, or a percentage of the selected nodes, rounded up. If"
                + " more nodes fail, no further node switches; failed nodes retry. Default 0: the"
                + " first failure stops the roll-out. A failed node that can no longer be reached"
                + " counts until it has the revision, no longer matches, or its Node is deleted.")
        IntOrString maxFailed,
    @Default("Automatic")
        @JsonPropertyDescription(
            "Automatic (default), or Required: a new revision is placed on every node, and none"
                + " switches to it until it is approved by its name, in approvedRevision or in"
                + " the annotation corvid.dev/approve. Each revision needs an approval of its"
                + " own. While a roll-out is unfinished, reverting to the last revision that was"
                + " active on every node needs neither waves nor approval. Once the new revision"
                + " is active on every node, reverting is a roll-out like any other: waves and"
                + " approval apply. To revert immediately then, remove waves and approve the old"
                + " revision in the same edit.")
        Approval approval,
    @Size(max = 128)
        @JsonPropertyDescription(
            "With approval: Required, the revision that nodes may switch to: its name, or more of"
                + " the manifest's digest, 12 to 64 lower-case hex digits without sha256:. The"
                + " annotation corvid.dev/approve: REVISION or REVISION/WAVE does the same without"
                + " an edit of the spec. If both are there and name different revisions, no"
                + " further node switches.")
        @Nullable String approvedRevision,
    @Default("Activated")
        @JsonPropertyDescription(
            "What Ready waits for: Activated (default) on every node, or Distributed: whole and"
                + " verified on every node's disk. With Distributed, Ready is True while waves, an"
                + " approval or a hold still keep nodes on the old revision.")
        ReadyWhen readyWhen,
    @Default("10m")
        @Size(max = 32)
        @JsonPropertyDescription(
            "After this time without progress on any node the release is Stalled, as in a"
                + " Deployment; it keeps trying. Pauses do not count. Default 10m. "
                + Wave.DURATION)
        String progressDeadline) {
  /** The waves' figures as a list p; of what filter and map return, the estimate knows no size. */
  static final String EACH_WAVE =
      "!has(self.waves) || [[0, 1, 2, 3, 4, 5, 6, 7].map(i, i < self.waves.size() &&"
          + " has(self.waves[i].upTo) && ";

  /** Waves without such a figure are 0 there. */
  static final String NEVER_LESS =
      ")].all(p, [1, 2, 3, 4, 5, 6, 7].all(j, [0, 1, 2, 3, 4, 5, 6].all(i, i >= j || p[j] == 0 ||"
          + " p[i] <= p[j])))";

  static final String SHRINKING =
      "each wave includes those before it: no upTo may be less than that of the wave before";

  static final Rollout DEFAULT =
      new Rollout(
          List.of(),
          new IntOrString("100%"),
          new IntOrString(0),
          Approval.Automatic,
          null,
          ReadyWhen.Activated,
          "10m");

  /** Whether a new revision becomes active by itself. */
  public enum Approval {
    Automatic,
    Required
  }

  /** What Ready means. */
  public enum ReadyWhen {
    Activated,
    Distributed
  }

  public Rollout {
    waves = waves == null ? DEFAULT.waves : List.copyOf(waves);
    maxConcurrent = maxConcurrent == null ? DEFAULT.maxConcurrent : maxConcurrent;
    maxFailed = maxFailed == null ? DEFAULT.maxFailed : maxFailed;
    approval = approval == null ? DEFAULT.approval : approval;
    readyWhen = readyWhen == null ? DEFAULT.readyWhen : readyWhen;
    progressDeadline = progressDeadline == null ? DEFAULT.progressDeadline : progressDeadline;
  }

  /** The progress deadline as a duration. */
  @JsonIgnore
  public Duration deadline() {
    return DurationFormat.parse(progressDeadline);
  }

  /** How many of that many nodes may switch at once. */
  public int switchingAtOnce(int nodes) {
    return Wave.share(maxConcurrent, nodes);
  }

  /** How many of that many nodes may fail. */
  public int failuresAllowed(int nodes) {
    return Wave.share(maxFailed, nodes);
  }
}

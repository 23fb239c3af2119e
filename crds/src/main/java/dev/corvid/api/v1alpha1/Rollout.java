package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;

/** How a new revision becomes active: content is placed everywhere first, then nodes switch. */
@ValidationRule(
    value = "!has(self.waves)",
    message = "waves are not supported yet; use maxUnavailable",
    fieldPath = ".waves")
@ValidationRule(
    value = "!has(self.maxFailed)",
    message = "maxFailed is not supported yet; no node may fail",
    fieldPath = ".maxFailed")
@ValidationRule(
    value = "!has(self.activation)",
    message = "activation is not supported yet; every revision is activated once it is placed",
    fieldPath = ".activation")
@ValidationRule(
    value = "!has(self.readyWhen)",
    message = "readyWhen is not supported yet; Ready means activated",
    fieldPath = ".readyWhen")
@ValidationRule(
    value = "!has(self.paused)",
    message = "paused is not supported yet; use suspend",
    fieldPath = ".paused")
@ValidationRule(
    value =
        "!has(self.maxUnavailable) || (type(self.maxUnavailable) == int ? self.maxUnavailable >= 1"
            + " : self.maxUnavailable.matches('^(100|[1-9][0-9]?)%$'))",
    message = "maxUnavailable must be a number of nodes, at least 1, or a percentage such as 10%",
    fieldPath = ".maxUnavailable")
public record Rollout(
    @Size(max = 16) @JsonPropertyDescription("Not supported yet.") List<Wave> waves,
    @Default("\"100%\"")
        @JsonPropertyDescription(
            "Nodes that switch at once, a number or a percentage of the selected nodes, rounded"
                + " up.")
        IntOrString maxUnavailable,
    @JsonPropertyDescription("Not supported yet.") IntOrString maxFailed,
    @JsonPropertyDescription("Not supported yet.") Activation activation,
    @JsonPropertyDescription("Not supported yet.") ReadyWhen readyWhen,
    @Default("10m")
        @Size(max = 32)
        @Pattern("^([0-9]+(\\.[0-9]+)?(s|m|h))+$")
        @JsonPropertyDescription(
            "After this time without progress on any node the release is Stalled, as in a"
                + " Deployment; it goes on trying.")
        String progressDeadline,
    @JsonPropertyDescription("Not supported yet.") Boolean paused) {

  static final Rollout DEFAULT = new Rollout(null, null, null, null, null, null, null);

  /** Whether a revision becomes active by itself. */
  public enum Activation {
    Automatic,
    Manual
  }

  /** What Ready means. */
  public enum ReadyWhen {
    Activated,
    Distributed
  }

  /** Nodes that switch together before the next ones may. */
  public record Wave(
      @Size(min = 1, max = 63) String name,
      IntOrString upTo,
      LabelSelector selector,
      Pause pause) {}

  /** A pause after a wave: of that length, or until somebody resumes it. */
  public record Pause(@Size(max = 32) String duration) {}

  public Rollout {
    maxUnavailable = maxUnavailable == null ? new IntOrString("100%") : maxUnavailable;
    progressDeadline = progressDeadline == null ? "10m" : progressDeadline;
  }

  /** The progress deadline as a duration. */
  @JsonIgnore
  public Duration deadline() {
    try {
      return io.fabric8.kubernetes.api.model.Duration.parse(progressDeadline).getDuration();
    } catch (ParseException e) {
      throw new IllegalArgumentException("progressDeadline " + progressDeadline, e);
    }
  }

  /** How many of that many nodes may switch at once: percentages round up, at least 1. */
  public int switchingAtOnce(int nodes) {
    if (maxUnavailable.getIntVal() != null) {
      return Math.max(1, maxUnavailable.getIntVal());
    }
    String text = maxUnavailable.getStrVal();
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    return Math.max(1, Math.ceilDiv(nodes * percent, 100));
  }
}

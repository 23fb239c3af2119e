package dev.corvid.api.v1alpha1;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.corvid.wire.text.DurationFormat;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes that switch together before the next ones may. */
@ValidationRule(
    value = "has(self.upTo) != has(self.selector)",
    message =
        "a wave needs exactly one of upTo (nodes that have switched when it is done: a number, or a"
            + " percentage such as 10%) and selector (labels of its nodes)")
@ValidationRule(
    value =
        "!has(self.upTo) || (type(self.upTo) == int ? self.upTo >= 1 : self.upTo.matches('"
            + Wave.PERCENTAGE
            + "'))",
    message =
        "upTo must be a number of nodes, at least 1, or a percentage from 1% to 100%, such as 10%",
    fieldPath = ".upTo")
public record Wave(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Shown while the wave runs, and used in approvals. Default: wave-1 and so on.")
        @Nullable String name,
    @JsonPropertyDescription(
            "Nodes that have switched when the wave is done, those of earlier waves included: a"
                + " number, or a percentage of the selected nodes, rounded up. A node that"
                + " becomes unreachable before it has switched is replaced by another; with too"
                + " few others the wave is done without it. A wave waits while none of its own"
                + " nodes can be reached.")
        @Nullable IntOrString upTo,
    @JsonPropertyDescription("The wave's nodes, by their labels.") @Nullable LabelSelector selector,
    @JsonPropertyDescription(
            "The wait after this wave, before the next one: {duration: 10m}, or {untilApproved:"
                + " true} until the wave is approved by the annotation corvid.dev/approve:"
                + " REVISION/WAVE.")
        @Nullable Pause pause) {
  /** Of a whole, and more than none. */
  static final String PERCENTAGE = "^(100|[1-9][0-9]?)%$";

  /** How a duration is written. */
  static final String DURATION = "From 1s to 8760h, " + DurationFormat.WORDS + ".";

  /** A pause after a wave: of that length, or until somebody approves the wave. */
  @ValidationRule(
      value = "has(self.duration) != (has(self.untilApproved) && self.untilApproved)",
      message =
          "a pause needs exactly one of duration, such as 10m, and untilApproved: true; to continue"
              + " without one, remove the pause")
  public record Pause(
      @Size(max = 32)
          @JsonPropertyDescription(
              "Starts when every reachable node of the wave has switched or failed. " + DURATION)
          @Nullable String duration,
      @JsonPropertyDescription(
              "Until the annotation corvid.dev/approve of the release is REVISION/WAVE: the revision"
                  + " that is rolled out, by 12 to 64 hex digits, and this wave's name.")
          @Nullable Boolean untilApproved) {
    /** Empty for a pause until somebody approves. */
    @JsonIgnore
    public Optional<Duration> length() {
      return Optional.ofNullable(duration).map(DurationFormat::parse);
    }
  }

  /** How many of that many nodes have switched when the wave is done. */
  public int upTo(int nodes) {
    return share(requireNonNull(upTo, "upTo or selector: the CRD says so"), nodes);
  }

  /** A number as it is, a percentage rounded up: at least 1 unless 0 is written. */
  static int share(IntOrString share, int of) {
    if (share.getIntVal() != null) {
      return share.getIntVal();
    }
    String text = share.getStrVal();
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    return percent == 0 ? 0 : Math.max(1, Math.ceilDiv(of * percent, 100));
  }
}

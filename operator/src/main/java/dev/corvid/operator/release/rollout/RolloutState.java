package dev.corvid.operator.release.rollout;

import dev.corvid.time.Uptime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a roll-out is; {@link RolloutPlan} says what leads to which. */
public sealed interface RolloutState {
  /** Content is on its way; a reachable node neither holds it nor failed. */
  public record Distributing() implements RolloutState {}

  /** Nodes of the open waves switch. */
  public record Switching() implements RolloutState {}

  /**
   * Everything is placed, and no further node may switch.
   *
   * @param why for a person, with what to write to continue
   * @param end null when it has none
   */
  public record Paused(String why, @Nullable Uptime end) implements RolloutState {
    public Optional<Uptime> until() {
      return Optional.ofNullable(end);
    }
  }

  /** More nodes failed than may. */
  record Stopped() implements RolloutState {}

  /** Every reachable node serves it, or failed. */
  record Complete() implements RolloutState {}
}

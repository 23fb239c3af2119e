package dev.corvid.wire;

/**
 * The operator's long poll, {@code POST /v1/fleet}. Answered with a {@link Fleet} as soon as a
 * state changed after {@code sequence} (changes of figures alone are collected for 2 s), else after
 * 30 s.
 *
 * @param instance the tracker instance whose sequence this is; null at first, or after a change:
 *     then the answer is everything
 */
public record FleetPoll(String instance, long sequence) {
  public FleetPoll {
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
  }
}

package dev.corvid.wire.operator;

import dev.corvid.wire.Require;
import org.jspecify.annotations.Nullable;

/**
 * The operator's long poll, {@code POST /v1/fleet}. Answered with a {@link Fleet} as soon as a
 * state changed after {@code sequence} (changes of figures alone are collected for 2 s), else after
 * 30 s.
 *
 * @param instance the tracker instance whose sequence this is; null at first, or after a change:
 *     then the answer is everything
 * @param bytes of JSON that an answer should have at most, before compression: what is more comes
 *     in parts. The tracker may send fewer, but at least one change; 0 for as many as it likes
 */
public record FleetPoll(@Nullable String instance, long sequence, int bytes) {
  public FleetPoll {
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
    Require.range(bytes, 0, Integer.MAX_VALUE, "bytes");
  }
}

package dev.corvid.wire.operator;

import dev.corvid.wire.Require;

/**
 * The answer to a {@link Push}.
 *
 * @param instance that runs
 * @param pushes how many it has taken
 * @param taken whether this one was
 */
public record Pushed(String instance, long pushes, boolean taken) {
  public Pushed {
    Require.text(instance, "instance", 64);
  }
}

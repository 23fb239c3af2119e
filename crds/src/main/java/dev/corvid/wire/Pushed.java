package dev.corvid.wire;

/**
 * The answer to a {@link Push}: the instance that took it, or that runs in place of the one meant.
 */
public record Pushed(String instance) {
  public Pushed {
    Require.text(instance, "instance", 64);
  }
}

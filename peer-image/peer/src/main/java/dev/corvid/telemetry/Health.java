package dev.corvid.telemetry;

import java.util.Optional;

/** What a role answers to the kubelet's probes. Called on any thread, must not block. */
public interface Health {
  /** What only a restart of the container can heal; empty while the process lives. */
  Optional<String> dead();

  /** What still keeps the role from its work; empty when it is ready. */
  Optional<String> notReady();

  /** A role that is ready as soon as its endpoint answers. */
  static Health always() {
    return ready(Optional::empty);
  }

  /** A role that lives as long as it answers, and says by itself when it is ready. */
  static Health ready(java.util.function.Supplier<Optional<String>> notReady) {
    return new Health() {
      @Override
      public Optional<String> dead() {
        return Optional.empty();
      }

      @Override
      public Optional<String> notReady() {
        return notReady.get();
      }
    };
  }
}

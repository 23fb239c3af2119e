package dev.corvid.node.root;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Damage of finished revisions on this node's disks, for the metrics. Thread-safe. */
public final class DamageCount {
  private final Counter found;
  private final Counter repaired;

  public DamageCount(MeterRegistry meters) {
    found =
        Counter.builder("corvid.peer.damage.found")
            .description(
                "Finished revisions with files that were found changed on this node's" + " disk")
            .register(meters);
    repaired =
        Counter.builder("corvid.peer.damage.mended")
            .description("Damaged revisions whose files were replaced by good ones")
            .register(meters);
  }

  public void found() {
    found.increment();
  }

  public void repaired() {
    repaired.increment();
  }
}

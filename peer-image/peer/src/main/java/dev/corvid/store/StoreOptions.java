package dev.corvid.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What the store takes from its surroundings.
 *
 * @param clock for how long a revision stays after {@code current} left it
 * @param bootId changes when the machine restarts, and what was not synced may be lost
 */
public record StoreOptions(Clock clock, String bootId) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** The wall clock and the kernel's boot id. */
  public static StoreOptions ofThisMachine() throws IOException {
    return ofThisMachine(Clock.systemUTC());
  }

  /** The kernel's boot id, and a clock of one's own. */
  public static StoreOptions ofThisMachine(Clock clock) throws IOException {
    return new StoreOptions(clock, Files.readString(BOOT_ID).strip());
  }
}

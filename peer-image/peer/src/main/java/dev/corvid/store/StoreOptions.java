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
 * @param earlyReadBytes a file of at least so many is read back while it arrives
 */
public record StoreOptions(Clock clock, String bootId, long earlyReadBytes) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** A core needs a fifth to half a second for the SHA-256 of so much. */
  private static final long EARLY_READ_BYTES = 256L << 20;

  public StoreOptions(Clock clock, String bootId) {
    this(clock, bootId, EARLY_READ_BYTES);
  }

  /** The wall clock and the kernel's boot id. */
  public static StoreOptions ofThisMachine() throws IOException {
    return ofThisMachine(Clock.systemUTC());
  }

  /** The kernel's boot id, and a clock of one's own. */
  public static StoreOptions ofThisMachine(Clock clock) throws IOException {
    return new StoreOptions(clock, Files.readString(BOOT_ID).strip());
  }
}

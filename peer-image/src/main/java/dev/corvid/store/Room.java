package dev.corvid.store;

import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;
import dev.corvid.wire.Roots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether there is room for another download: on the file system, above the reserve and what other
 * downloads will still write; and below the root's quota. Thread-safe.
 */
final class Room {
  private final Roots.Root config;
  private final Directory root;
  private final List<LongSupplier> bookings = new ArrayList<>();

  Room(Roots.Root config, Directory root) {
    this.config = config;
    this.root = root;
  }

  /** Room that is kept for a download until it is closed. */
  interface Booking extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param needed bytes that the download will still write, asked again as it goes on
   * @param used bytes of all revisions below the root, with this one
   * @throws StoreException {@code InsufficientDisk}
   */
  synchronized Booking book(String what, LongSupplier needed, long used) throws StoreException {
    if (config.quota() != null && used > ByteSize.parse(config.quota())) {
      throw new StoreException(
          Reason.InsufficientDisk,
          "%s needs %s, but with it root %s would hold %s of its quota of %s; keep fewer revisions"
              .formatted(
                  what,
                  ByteSize.format(needed.getAsLong()),
                  config.name(),
                  ByteSize.format(used),
                  config.quota()));
    }
    check(what, needed.getAsLong());
    bookings.add(needed);
    return () -> {
      synchronized (this) {
        bookings.remove(needed);
      }
    };
  }

  /** Whether the reserve is still free; somebody else may be filling the disk. */
  void checkReserve(String what) throws StoreException {
    check(what, 0);
  }

  private synchronized void check(String what, long needed) throws StoreException {
    Directory.Space space;
    try {
      space = root.space();
    } catch (IOException e) {
      throw DiskFailure.of("cannot ask for the free space of root " + config.name(), e);
    }
    var reserve = config.reserveBytes(space.total());
    var promised = needed == 0 ? 0 : bookings.stream().mapToLong(LongSupplier::getAsLong).sum();
    if (space.usable() - reserve - promised < needed || space.usable() < reserve) {
      throw new StoreException(
          Reason.InsufficientDisk,
          ("%s needs %s; root %s has %s free, of which %s is its reserve and %s is promised to"
                  + " other downloads. Free some space or lower the reserve; it is tried again by"
                  + " itself")
              .formatted(
                  what,
                  ByteSize.format(needed),
                  config.name(),
                  ByteSize.format(space.usable()),
                  ByteSize.format(reserve),
                  ByteSize.format(promised)));
    }
  }
}

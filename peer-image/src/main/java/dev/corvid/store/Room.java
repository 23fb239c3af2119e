package dev.corvid.store;

import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;
import dev.corvid.wire.Roots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether there is room for another download: on the file system, above the reserve and what other
 * downloads will still write; and below the quotas of the root and of the namespace. Thread-safe.
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
   * What counts against quotas: bytes of all revisions, finished or not, with the one in question.
   *
   * @param root below the root
   * @param namespace of them, those of the namespace
   */
  record Used(long root, long namespace) {}

  /**
   * @param needed bytes that the download will still write, asked again as it goes on
   * @throws StoreException {@code InsufficientDisk}
   */
  synchronized Booking book(String what, String namespace, LongSupplier needed, Used used)
      throws StoreException {
    var needs = what + " needs " + ByteSize.format(needed.getAsLong());
    checkQuota(needs, "root " + config.name(), config.quotaBytes(), used.root());
    checkQuota(
        needs,
        "namespace " + namespace + " in root " + config.name(),
        config.quotaBytes(namespace),
        used.namespace());
    check(what, needed.getAsLong());
    bookings.add(needed);
    return () -> {
      synchronized (this) {
        bookings.remove(needed);
      }
    };
  }

  /** Whether the reserve is still free; somebody else may be filling the disk. */
  void checkReserve(String what, long needed) throws StoreException {
    var space = space();
    if (space.usable() < config.reserveBytes(space.total())) {
      throw insufficient(what, needed, 0, space, null);
    }
  }

  /** The same failure; if the disk was full, with the figures that tell how much is missing. */
  StoreException explain(StoreException failure, String what, long needed) {
    if (failure.reason() != Reason.InsufficientDisk) {
      return failure;
    }
    try {
      return insufficient(what, needed, 0, space(), failure);
    } catch (StoreException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static void checkQuota(String needs, String whose, OptionalLong quota, long used)
      throws StoreException {
    if (quota.isPresent() && used > quota.getAsLong()) {
      throw new StoreException(
          Reason.InsufficientDisk,
          "%s, but with it %s would hold %s of its quota of %s; keep fewer revisions"
              .formatted(needs, whose, ByteSize.format(used), ByteSize.format(quota.getAsLong())));
    }
  }

  private void check(String what, long needed) throws StoreException {
    var space = space();
    var promised = bookings.stream().mapToLong(LongSupplier::getAsLong).sum();
    if (space.usable() - config.reserveBytes(space.total()) - promised < needed) {
      throw insufficient(what, needed, promised, space, null);
    }
  }

  private Directory.Space space() throws StoreException {
    try {
      return root.space();
    } catch (IOException e) {
      throw DiskFailure.of("cannot ask for the free space of root " + config.name(), e);
    }
  }

  private StoreException insufficient(
      String what, long needed, long promised, Directory.Space space, Exception cause) {
    return new StoreException(
        Reason.InsufficientDisk,
        ("%s needs %s; root %s has %s free, of which %s is its reserve and %s is promised to"
                + " other downloads. Free some space or lower the reserve; it is tried again by"
                + " itself")
            .formatted(
                what,
                ByteSize.format(needed),
                config.name(),
                ByteSize.format(space.usable()),
                ByteSize.format(config.reserveBytes(space.total())),
                ByteSize.format(promised)),
        cause);
  }
}

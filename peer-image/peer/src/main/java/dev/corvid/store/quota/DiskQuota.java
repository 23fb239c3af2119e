package dev.corvid.store.quota;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.text.ByteSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is room for another download: on the file system, above the reserve and what other
 * downloads will still write; and below the quotas of the root and of the namespace. Thread-safe.
 */
public final class DiskQuota {
  private final Roots.Root config;
  private final Directory root;
  private final List<LongSupplier> reservations = new ArrayList<>();

  public DiskQuota(Roots.Root config, Directory root) {
    this.config = config;
    this.root = root;
  }

  /** Room that is kept for a download until it is closed. */
  public interface SpaceReservation extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A revision that is to be kept.
   *
   * @param disk all that it takes, whether it is there already or not
   * @param isNew whether nothing of it is on the disk: then there must be room for all of it
   */
  public record Request(String what, String namespace, Footprint disk, boolean isNew) {}

  /**
   * What counts against quotas: all revisions, finished or not, but the one in question.
   *
   * @param root below the root
   * @param namespace of them, those of the namespace, but not of an earlier one of that name
   */
  public record Used(Footprint root, Footprint namespace) {}

  /** What makes a revision count. */
  public interface Recording {
    void run() throws IOException;
  }

  /**
   * Lets a revision count from now on, unless it is too large: one that is refused takes nothing
   * from the others. Of two that fit only one at a time, one is refused.
   *
   * @throws StoreException {@code InsufficientDisk}
   */
  public synchronized void admit(Request request, Supplier<Used> others, Recording recording)
      throws IOException {
    var total = space().total();
    var used = others.get();
    var needs = request.what() + " needs " + ByteSize.format(request.disk().bytes());
    var namespace = "namespace " + request.namespace() + " in root " + config.name();
    checkQuota(
        needs,
        "root " + config.name(),
        used.root().plus(request.disk()).bytes(),
        config.quotaBytes(total));
    checkQuota(
        needs,
        namespace,
        used.namespace().plus(request.disk()).bytes(),
        config.quotaBytes(request.namespace(), total));
    checkFiles(
        request,
        namespace,
        used.namespace().plus(request.disk()).files(),
        config.quotaFiles(request.namespace()));
    if (request.isNew()) {
      check(request.what(), request.disk().bytes());
    }
    recording.run();
  }

  /**
   * @param needed bytes that will still be written, asked again as that proceeds
   * @throws StoreException {@code InsufficientDisk}
   */
  public synchronized SpaceReservation reserve(String what, LongSupplier needed)
      throws StoreException {
    check(what, atLeastNothing(needed));
    reservations.add(needed);
    return () -> {
      synchronized (this) {
        reservations.remove(needed);
      }
    };
  }

  public synchronized RootUsage usage(Footprint used) throws StoreException {
    var space = space();
    return new RootUsage(
        space.total(), space.usable(), config.reserveBytes(space.total()), promised(), used);
  }

  /** Whether the reserve is still free; another program may be filling the disk. */
  public void checkReserve(String what, long needed) throws StoreException {
    var space = space();
    if (space.usable() < config.reserveBytes(space.total())) {
      throw insufficient(what, needed, 0, space, null);
    }
  }

  /** The same failure; if the disk was full, with the figures that tell how much is missing. */
  public StoreException explain(StoreException failure, String what, long needed) {
    var hasFigures = failure.getCause() == null;
    if (failure.reason() != Reason.InsufficientDisk || hasFigures) {
      return failure;
    }
    try {
      return insufficient(what, needed, 0, space(), failure);
    } catch (StoreException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static void checkQuota(String needs, String whose, long used, OptionalLong quota)
      throws StoreException {
    if (quota.isPresent() && used > quota.getAsLong()) {
      throw new StoreException(
          Reason.InsufficientDisk,
          "%s, but with it %s would hold %s of its quota of %s; keep fewer revisions, or raise the quota in the chart's values"
              .formatted(needs, whose, ByteSize.format(used), ByteSize.format(quota.getAsLong())));
    }
  }

  private static void checkFiles(Request request, String whose, long used, OptionalLong quota)
      throws StoreException {
    if (quota.isPresent() && used > quota.getAsLong()) {
      throw new StoreException(
          Reason.InsufficientDisk,
          "%s has %d files, directories and links, but with it %s would hold %d of the %d that it may have; pack small files into archives, keep fewer revisions, or raise namespaceFiles in the chart's values"
              .formatted(request.what(), request.disk().files(), whose, used, quota.getAsLong()));
    }
  }

  /** A negative reservation gives nothing to others. */
  private static long atLeastNothing(LongSupplier needed) {
    return Math.max(0, needed.getAsLong());
  }

  private void check(String what, long needed) throws StoreException {
    var space = space();
    var promised = promised();
    if (space.usable() - config.reserveBytes(space.total()) - promised < needed) {
      throw insufficient(what, needed, promised, space, null);
    }
  }

  private long promised() {
    return reservations.stream().mapToLong(DiskQuota::atLeastNothing).sum();
  }

  private Directory.Space space() throws StoreException {
    try {
      return root.space();
    } catch (IOException e) {
      throw DiskError.of("cannot ask for the free space of root " + config.name(), e);
    }
  }

  private StoreException insufficient(
      String what, long needed, long promised, Directory.Space space, @Nullable Exception cause) {
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

package dev.corvid.node.root;

import dev.corvid.store.Root;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.quota.RootUsage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How full a root is. Its name is the admin's, so there are few of them. */
public final class RootMetrics {
  private static final String BYTES = "bytes";

  private RootMetrics() {}

  /** Whether it is open, of a root that may never open. */
  public static void registerOpen(MeterRegistry meters, RootRegistry roots, String name) {
    Gauge.builder("corvid.peer.root.open", roots, all -> all.isOpen(name) ? 1 : 0)
        .description("1 while the root can be used on this node")
        .tag("root", name)
        .register(meters);
  }

  public static void register(MeterRegistry meters, Root root) {
    gauge(meters, root, "size", BYTES, "Size of the root's file system, in bytes", RootUsage::size);
    gauge(
        meters,
        root,
        "free",
        BYTES,
        "Bytes that can still be written to the root's file system, the reserve included",
        RootUsage::free);
    gauge(
        meters,
        root,
        "reserve",
        BYTES,
        "Bytes of the root's file system that Corvid leaves free",
        RootUsage::reserve);
    gauge(
        meters,
        root,
        "booked",
        BYTES,
        "Bytes that running downloads will still write to the root",
        RootUsage::booked);
    gauge(
        meters,
        root,
        "used",
        BYTES,
        "Disk that revisions in the root take, as quotas count it, in bytes",
        usage -> usage.used().bytes());
    gauge(
        meters,
        root,
        "inodes",
        null,
        "Files, directories and links that revisions in the root take: each is an inode",
        usage -> usage.used().files());
  }

  private static void gauge(
      MeterRegistry meters,
      Root root,
      String name,
      @Nullable String unit,
      String description,
      ToDoubleFunction<RootUsage> figure) {
    Gauge.builder("corvid.peer.root." + name, root, each -> value(each, figure))
        .description(description)
        .baseUnit(unit)
        .tag("root", root.config().name())
        .register(meters);
  }

  private static double value(Root root, ToDoubleFunction<RootUsage> figure) {
    try {
      return figure.applyAsDouble(root.usage());
    } catch (StoreException e) {
      return Double.NaN; // a disk that does not answer is said by each release on it
    }
  }
}

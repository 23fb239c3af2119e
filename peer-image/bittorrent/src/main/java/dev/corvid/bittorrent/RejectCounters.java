package dev.corvid.bittorrent;

import dev.corvid.bittorrent.metainfo.BencodeException;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often this process refused, by kind. Thread-safe. */
final class RejectCounters {
  private final Map<RejectReason, LongAdder> counts = new EnumMap<>(RejectReason.class);

  RejectCounters() {
    for (var kind : RejectReason.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  void count(RejectReason kind) {
    counts.get(kind).increment();
  }

  /** Counts a connection's end if it was the other side's fault, and not the network's. */
  void ended(RejectReason kind, IOException cause) {
    if (cause instanceof ProtocolException
        || cause instanceof BencodeException
        || cause instanceof MetainfoException) {
      count(kind);
    }
  }

  long of(RejectReason kind) {
    return counts.get(kind).sum();
  }
}

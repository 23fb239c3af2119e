package dev.corvid.bittorrent.peers;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.metainfo.BencodeException;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often this process refused, by kind. Thread-safe. */
public final class RejectCounters {
  private final Map<RejectReason, LongAdder> counts = new EnumMap<>(RejectReason.class);

  public RejectCounters() {
    for (var kind : RejectReason.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  public void count(RejectReason kind) {
    counter(kind).increment();
  }

  /** Counts a connection's end if it was the other side's fault, and not the network's. */
  public void ended(RejectReason kind, IOException cause) {
    if (cause instanceof ProtocolException
        || cause instanceof BencodeException
        || cause instanceof MetainfoException) {
      count(kind);
    }
  }

  public long of(RejectReason kind) {
    return counter(kind).sum();
  }

  private LongAdder counter(RejectReason kind) {
    return requireNonNull(counts.get(kind), "each has one");
  }
}

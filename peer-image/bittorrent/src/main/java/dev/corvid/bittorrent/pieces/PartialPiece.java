package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of which some bytes may be here, down to units of 4 KiB. Bytes go to the storage as they
 * come and, when they come in order, into the digest too; what came out of order is read back for
 * it at the end.
 *
 * <p>A unit is written by one source at a time. A second one that sends the same unit meanwhile is
 * ignored, unless the first has come to a stop: otherwise the bytes on disk could be others than
 * those that were hashed.
 */
public final class PartialPiece {
  public static final int UNIT = Storage.UNIT;

  private static final long STOPPED = 500_000_000L;

  private static final class Writer {
    final PieceSource from;
    final int end;
    int at;
    long progressedAt;

    Writer(PieceSource from, int begin, int end, long now) {
      this.from = from;
      this.at = begin;
      this.end = end;
      this.progressedAt = now;
    }
  }

  public final int index;
  private final int length;
  private final PieceStorage storage;
  private final PieceDigest digest;
  private final BitSet here = new BitSet();
  private final Map<PieceSource, BitSet> asked = new LinkedHashMap<>();
  private final Map<PieceSource, BitSet> sources = new LinkedHashMap<>();
  private final List<Writer> writers = new ArrayList<>();
  private final boolean found;
  private int hashed;

  /**
   * @param present units that are in the storage without having been fetched
   */
  public PartialPiece(int index, PieceStorage storage, PieceDigest digest, BitSet present) {
    this.index = index;
    this.length = storage.length(index);
    this.storage = storage;
    this.digest = digest;
    this.found = !present.isEmpty();
    here.or(present);
    digest.reset();
  }

  /** Whether some of it did not come from a connection: if it is wrong, no peer is to blame. */
  boolean found() {
    return found;
  }

  boolean whole() {
    return here.cardinality() == units();
  }

  /** Bytes that are not here, as if the last unit were a full one. */
  long missing() {
    return (long) (units() - here.cardinality()) * UNIT;
  }

  /** Units that each connection brought. */
  public Map<PieceSource, BitSet> sources() {
    return sources;
  }

  /** The next block to ask of a connection that serves this piece, or null. */
  public Message.@Nullable Request next(PieceSource from, int largest) {
    var own = asked.computeIfAbsent(from, _ -> new BitSet());
    var taken = (BitSet) here.clone();
    for (var units : asked.values()) {
      taken.or(units);
    }
    for (var writer : writers) {
      taken.set(writer.at / UNIT, (writer.end + UNIT - 1) / UNIT);
    }
    var first = taken.nextClearBit(0);
    if (first < units()) {
      return block(own, taken, first, largest);
    }
    // All is asked for; at the very end ask a second source too, from the back, so that the two
    // meet.
    taken.clear();
    taken.or(here);
    taken.or(own);
    var last = taken.previousClearBit(units() - 1);
    if (last < 0) {
      return null;
    }
    var begin = Math.max(taken.previousSetBit(last) + 1, last - last % (Message.BLOCK / UNIT));
    return block(own, taken, begin, Message.BLOCK);
  }

  /** Nothing more is expected from the connection, except what it is in the middle of. */
  public void unask(PieceSource from) {
    asked.remove(from);
  }

  /** Nobody owes any of it: all that is not here may be asked for, of anybody. */
  void unaskAll() {
    asked.clear();
  }

  /** The connection is gone. */
  public void forget(PieceSource from) {
    asked.remove(from);
    for (var writer : List.copyOf(writers)) {
      if (writer.from == from) {
        stop(writer);
      }
    }
  }

  /** A block was refused: it may be asked of others. */
  public void refused(PieceSource from, int begin, int count) {
    var units = asked.get(from);
    if (units != null) {
      units.clear(begin / UNIT, (begin + count + UNIT - 1) / UNIT);
    }
  }

  /** A block begins to arrive; its bytes are taken only if none of it is here or being written. */
  void begins(PieceSource from, int begin, int count, long now) {
    var end = begin + count;
    if (begin % UNIT != 0 || (end % UNIT != 0 && end != length)) {
      return;
    }
    var next = here.nextSetBit(begin / UNIT);
    if (next >= 0 && next * UNIT < end) {
      return;
    }
    for (var writer : List.copyOf(writers)) {
      if (writer.at >= end || writer.end <= begin) {
        continue;
      }
      if (now - writer.progressedAt < STOPPED) {
        return;
      }
      stop(writer);
    }
    writers.add(new Writer(from, begin, end, now));
  }

  /**
   * @return whether the bytes, all of {@code data}, were of use
   */
  boolean bytes(PieceSource from, ByteBuffer data, long now) throws StorageException {
    var writer = writer(from);
    if (writer == null) {
      data.position(data.limit());
      return false;
    }
    var count = data.remaining();
    if (writer.at == hashed) {
      digest.update(data.duplicate());
      hashed += count;
    }
    storage.write(index, writer.at, data);
    var before = writer.at / UNIT;
    writer.at += count;
    writer.progressedAt = now;
    var after = writer.at == length ? units() : writer.at / UNIT;
    here.set(before, after);
    sources.computeIfAbsent(from, _ -> new BitSet()).set(before, after);
    if (writer.at == writer.end) {
      writers.remove(writer);
    }
    return true;
  }

  /** Tells the SHA-1 of the whole piece; reads back what was not hashed on arrival. */
  void digest(Consumer<byte[]> then) throws IOException {
    while (hashed < length) {
      digest
          .hashThread()
          .lend(
              buffer -> {
                buffer.limit(Math.min(buffer.capacity(), length - hashed));
                storage.read(index, hashed, buffer);
                hashed += buffer.flip().remaining();
                digest.update(buffer);
              });
    }
    digest.finish(then);
  }

  PieceDigest reusable() {
    return digest;
  }

  private Message.Request block(BitSet own, BitSet taken, int first, int largest) {
    var most = Math.max(1, largest / UNIT);
    // Aligned to its own size, so that a piece is cut the same way for every sender.
    var bound = Math.min(units(), first - first % most + most);
    var next = taken.nextSetBit(first);
    var end = next < 0 ? bound : Math.min(bound, next);
    own.set(first, end);
    return new Message.Request(index, first * UNIT, Math.min(end * UNIT, length) - first * UNIT);
  }

  /** Bytes of a unit that will not be completed must not stay in the digest. */
  private void stop(Writer writer) {
    writers.remove(writer);
    if (writer.at % UNIT != 0 && hashed >= writer.at - writer.at % UNIT) {
      digest.reset();
      hashed = 0;
    }
  }

  private @Nullable Writer writer(PieceSource from) {
    for (var writer : writers) {
      if (writer.from == from) {
        return writer;
      }
    }
    return null;
  }

  private int units() {
    return (length + UNIT - 1) / UNIT;
  }
}

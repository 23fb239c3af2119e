package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The entries of a tree in the order in which they came, on disk; then in the order of their paths'
 * bytes, as the manifest wants them. In memory there is one number per entry.
 *
 * <p>Record: kind, length of path and of link text (4 bytes each), size (8), SHA-256 (32), path,
 * link text.
 */
public final class EntryLog implements Closeable {
  private static final byte FILE = 0;
  private static final byte EXECUTABLE = 1;
  private static final byte LINK = 2;
  private static final byte DIRECTORY = 3;
  private static final int FIXED = 1 + 4 + 4 + 8 + 32;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Path file;
  private final int maximum;
  private final DataOutputStream out;
  private long[] offsets = new long[1024];
  private int count;
  private long end;

  /** Takes an entry, in the manifest's order. */
  @FunctionalInterface
  public interface Visitor {
    void visit(ManifestEntry entry) throws IOException;
  }

  /**
   * @param maximum entries; one more is refused
   */
  public EntryLog(Path file, int maximum) throws IOException {
    this.file = file;
    this.maximum = maximum;
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  public int count() {
    return count;
  }

  /**
   * @return bytes that the record takes
   */
  public int add(ManifestEntry entry) throws IOException {
    return switch (entry) {
      case ManifestEntry.File(var path, var size, var executable, var sha256) ->
          add(executable ? EXECUTABLE : FILE, path, "", size, HexFormat.of().parseHex(sha256));
      case ManifestEntry.Link(var path, var text) -> add(LINK, path, text, 0, new byte[32]);
      case ManifestEntry.EmptyDirectory(var path) -> add(DIRECTORY, path, "", 0, new byte[32]);
    };
  }

  private int add(byte kind, String path, String link, long size, byte[] sha256)
      throws IOException {
    if (count == maximum) {
      throw new SourceException(
          Reason.InvalidContent,
          "the content has more than %,d files; pack the small ones into an archive of their own"
              .formatted(maximum));
    }
    byte[] pathBytes = path.getBytes(StandardCharsets.UTF_8);
    byte[] linkBytes = link.getBytes(StandardCharsets.UTF_8);
    out.writeByte(kind);
    out.writeInt(pathBytes.length);
    out.writeInt(linkBytes.length);
    out.writeLong(size);
    out.write(sha256);
    out.write(pathBytes);
    out.write(linkBytes);
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count++] = end;
    int length = FIXED + pathBytes.length + linkBytes.length;
    end += length;
    return length;
  }

  /** All entries, sorted; of one path the last one. Nothing can be added any more. */
  public void forEachSorted(Visitor visitor) throws IOException {
    out.close();
    try (var arena = Arena.ofConfined();
        var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var log = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      sort(log, Arrays.copyOf(offsets, count), offsets, 0, count);
      for (int i = 0; i < count; i++) {
        if (i + 1 == count || compare(log, offsets[i], offsets[i + 1]) != 0) {
          visitor.visit(entryAt(log, offsets[i]));
        }
      }
    }
  }

  /**
   * Merge sort: as fast whatever the order, which an outsider chooses, and one path's entries stay
   * in theirs.
   */
  private static void sort(MemorySegment log, long[] from, long[] to, int start, int end) {
    if (end - start < 2) {
      return;
    }
    int middle = (start + end) >>> 1;
    sort(log, to, from, start, middle);
    sort(log, to, from, middle, end);
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          right == end || left < middle && compare(log, from[left], from[right]) <= 0;
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private static int compare(MemorySegment log, long one, long other) {
    int oneLength = log.get(INT, one + 1);
    int otherLength = log.get(INT, other + 1);
    long from = one + FIXED;
    long to = other + FIXED;
    long at = MemorySegment.mismatch(log, from, from + oneLength, log, to, to + otherLength);
    if (at < 0 || at == Math.min(oneLength, otherLength)) {
      return Integer.compare(oneLength, otherLength);
    }
    return Byte.compareUnsigned(
        log.get(ValueLayout.JAVA_BYTE, from + at), log.get(ValueLayout.JAVA_BYTE, to + at));
  }

  private static ManifestEntry entryAt(MemorySegment log, long at) {
    int pathLength = log.get(INT, at + 1);
    var path = text(log, at + FIXED, pathLength);
    byte kind = log.get(ValueLayout.JAVA_BYTE, at);
    return switch (kind) {
      case LINK -> {
        int linkLength = log.get(INT, at + 5);
        yield new ManifestEntry.Link(path, text(log, at + FIXED + pathLength, linkLength));
      }
      case DIRECTORY -> new ManifestEntry.EmptyDirectory(path);
      default -> {
        byte[] sha256 = log.asSlice(at + 17, 32).toArray(ValueLayout.JAVA_BYTE);
        yield new ManifestEntry.File(
            path, log.get(LONG, at + 9), kind == EXECUTABLE, HexFormat.of().formatHex(sha256));
      }
    };
  }

  private static String text(MemorySegment log, long at, int length) {
    byte[] bytes = log.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

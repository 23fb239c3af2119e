package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a torrent as numbers into its info dictionary, 13 bytes each; names stay in the
 * dictionary and are decoded when asked for. Immutable.
 */
final class FileTable {
  static final int MAX_FILES = 500_000;
  private static final FileKind[] KINDS = FileKind.values();

  private final ByteBuffer info;
  private final @Nullable String onlyName;
  private final int[] positions;
  private final long[] offsets;
  private final byte[] kinds;

  private FileTable(
      ByteBuffer info, @Nullable String onlyName, int[] positions, long[] offsets, byte[] kinds) {
    this.info = info;
    this.onlyName = onlyName;
    this.positions = positions;
    this.offsets = offsets;
    this.kinds = kinds;
  }

  /** The table of a torrent whose info dictionary is itself the entry of its only file. */
  static FileTable single(ByteBuffer info, String name) throws IOException {
    var entry = FileEntry.read(new BencodeReader(info.duplicate()));
    if (entry.kind() != FileKind.FILE) {
      throw new MetainfoException("the only file is a pad or a link");
    }
    return new FileTable(info, name, new int[] {0}, new long[] {0, entry.length()}, new byte[] {0});
  }

  /** Reads the list {@code files}, at which {@code in} stands, and checks it as a whole. */
  static FileTable read(ByteBuffer info, BencodeReader in) throws IOException {
    var scan = new Scan();
    in.list(() -> scan.add(in.position(), FileEntry.read(in)));
    FilePaths.checkDisjoint(scan.paths);
    return new FileTable(
        info,
        null,
        Arrays.copyOf(scan.positions, scan.count),
        Arrays.copyOf(scan.offsets, scan.count + 1),
        Arrays.copyOf(scan.kinds, scan.count));
  }

  int count() {
    return positions.length;
  }

  long offset(int index) {
    return offsets[index];
  }

  long length(int index) {
    return offsets[index + 1] - offsets[index];
  }

  long totalLength() {
    return offsets[positions.length];
  }

  FileKind kind(int index) {
    return KINDS[kinds[index]];
  }

  /** The file that holds the byte; of several that begin there, the one that has bytes. */
  int indexAt(long offset) {
    var found = Arrays.binarySearch(offsets, offset);
    if (found < 0) {
      return -found - 2;
    }
    while (found + 1 < positions.length && offsets[found + 1] == offset) {
      found++;
    }
    return found;
  }

  String path(int index) {
    return onlyName != null ? onlyName : entry(index).path();
  }

  FileEntry entry(int index) {
    try {
      return FileEntry.read(new BencodeReader(info.duplicate().position(positions[index])));
    } catch (IOException e) {
      throw new UncheckedIOException("the info dictionary changed after it was read", e);
    }
  }

  private static final class Scan {
    int[] positions = new int[64];
    long[] offsets = new long[65];
    byte[] kinds = new byte[64];
    int count;
    final List<byte[]> paths = new ArrayList<>();

    void add(int position, FileEntry entry) throws MetainfoException {
      if (count == MAX_FILES) {
        throw new MetainfoException("more than " + MAX_FILES + " files");
      }
      if (entry.kind() != FileKind.PAD) {
        if (entry.path().isEmpty()) {
          throw new MetainfoException("file " + count + " has no path");
        }
        paths.add(entry.path().getBytes(StandardCharsets.UTF_8));
      }
      if (entry.linkTarget() != null) {
        checkLink(entry.path(), entry.linkTarget());
      }
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, count * 2);
        offsets = Arrays.copyOf(offsets, count * 2 + 1);
        kinds = Arrays.copyOf(kinds, count * 2);
      }
      positions[count] = position;
      kinds[count] = (byte) entry.kind().ordinal();
      if (entry.length() > Long.MAX_VALUE - offsets[count]) {
        throw new MetainfoException("the files are longer together than 2^63 bytes");
      }
      offsets[count + 1] = offsets[count] + entry.length();
      count++;
    }

    /** What stands on disk is longer than what stands in the torrent by its way up. */
    private static void checkLink(String path, String target) throws MetainfoException {
      try {
        LinkText.checkLength(LinkText.fromRoot(path, target));
      } catch (MetainfoException e) {
        throw new MetainfoException(path + " " + e.getMessage());
      }
    }
  }
}

package dev.corvid.store.manifest;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest entry by entry and believes nothing: length of lines, number of entries, paths,
 * links, order and spelling are checked as they come. Memory is one line. Not thread-safe.
 *
 * <p>Form: JSON Lines in UTF-8, each line ended by a newline. The first is {@code
 * {"corvid":"manifest","version":1}}; then, sorted by the bytes of their paths, {@code
 * {"path":…,"size":…,"executable":true,"sha256":…}} (no {@code executable} if it is not), {@code
 * {"path":…,"link":…}} and, for empty directories only, {@code {"path":…,"directory":true}}.
 */
public final class ManifestReader implements Closeable {
  /** As many files as a torrent may have. */
  public static final int MAX_ENTRIES = 499_999;

  private final InputStream in;
  private final ManifestOrder order = new ManifestOrder();
  private final byte[] line = new byte[ManifestLine.MAX_BYTES];
  private int entries;
  private long position;

  /**
   * @param in buffered by the caller; closed with this reader
   * @throws StoreException if it does not begin as a manifest of a version that is known here
   */
  public ManifestReader(InputStream in) throws IOException {
    this.in = in;
    if (!Arrays.equals(readLine(), ManifestLine.HEADER)) {
      throw new StoreException(
          Reason.InvalidContent,
          "not a manifest of version 1; if a newer seeder made it, update this peer");
    }
  }

  /**
   * The next entry; empty at the end.
   *
   * @throws StoreException if the manifest is not valid
   */
  public Optional<ManifestEntry> next() throws IOException {
    var bytes = readLine();
    if (bytes == null) {
      return Optional.empty();
    }
    if (++entries > MAX_ENTRIES) {
      throw new StoreException(
          Reason.InvalidContent, "the manifest has more than " + MAX_ENTRIES + " entries");
    }
    var entry = ManifestLine.decode(bytes);
    order.check(ContentPath.check(entry.path()), entry.path());
    if (entry instanceof ManifestEntry.Link(var path, var text)) {
      ContentPath.linkTarget(path, text);
    }
    return Optional.of(entry);
  }

  /** Where the next entry begins. */
  public long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private byte @Nullable [] readLine() throws IOException {
    var length = 0;
    for (int next; (next = in.read()) != '\n'; ) {
      if (next < 0 && length == 0) {
        return null;
      }
      if (next < 0 || length == line.length) {
        throw new StoreException(
            Reason.InvalidContent, "a line of the manifest is cut off, or too long");
      }
      line[length++] = (byte) next;
    }
    position += length + 1;
    return Arrays.copyOf(line, length);
  }
}

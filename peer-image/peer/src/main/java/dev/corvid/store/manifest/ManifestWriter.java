package dev.corvid.store.manifest;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes a manifest. Entries come in the order of their paths' bytes in UTF-8 ({@code
 * Arrays.compareUnsigned}); each is checked as a reader would. Not thread-safe.
 */
public final class ManifestWriter implements Closeable {
  private final OutputStream out;
  private final MessageDigest digest = Sha256.digest();
  private final ManifestOrder order = new ManifestOrder();
  private long manifestBytes;
  private long contentBytes;
  private int files;
  private int entries;

  /**
   * @param out closed with this writer; buffered by the caller
   */
  public ManifestWriter(OutputStream out) throws IOException {
    this.out = out;
    write(ManifestLine.HEADER);
  }

  /**
   * @throws StoreException if the entry is not valid here; nothing is written then
   */
  public void add(ManifestEntry entry) throws IOException {
    order.check(ContentPath.check(entry.path()), entry.path());
    var line = ManifestLine.encode(entry);
    switch (ManifestLine.decode(line)) {
      case ManifestEntry.File file -> {
        contentBytes = Math.addExact(contentBytes, file.size());
        files++;
      }
      case ManifestEntry.Link link -> ContentPath.linkTarget(link.path(), link.text());
      case ManifestEntry.EmptyDirectory directory -> {}
    }
    if (++entries > ManifestReader.MAX_ENTRIES) {
      throw new StoreException(
          Reason.InvalidContent,
          "more than "
              + ManifestReader.MAX_ENTRIES
              + " files; pack the small ones into an archive of their own");
    }
    write(line);
  }

  /** Flushes, and returns the digest that names the revision. */
  public ManifestSummary finish() throws IOException {
    out.flush();
    return new ManifestSummary(
        "sha256:" + HexFormat.of().formatHex(digest.digest()),
        manifestBytes,
        contentBytes,
        files,
        entries);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void write(byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
    digest.update(line);
    digest.update((byte) '\n');
    manifestBytes += line.length + 1;
  }
}

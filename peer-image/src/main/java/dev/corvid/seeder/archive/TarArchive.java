package dev.corvid.seeder.archive;

import dev.corvid.wire.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A tar stream: POSIX ustar and pax, and the GNU extensions for long names and large numbers. */
public final class TarArchive implements Archive {
  private static final byte VOLUME_LABEL = 'V';

  private final TarStream tar;

  /**
   * @param in the tar's bytes, uncompressed; closed with this
   */
  public TarArchive(InputStream in) {
    this.tar = new TarStream(new MeteredStream(in));
  }

  @Override
  public Optional<Entry> next() throws IOException {
    while (true) {
      var next = tar.nextWithinBounds();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (next.get().getLinkFlag() != VOLUME_LABEL) {
        return Optional.of(entry(next.get()));
      }
    }
  }

  private static Entry entry(TarArchiveEntry tar) throws ArchiveException {
    var type = type(tar);
    boolean linked = type == Entry.Type.SYMBOLIC_LINK || type == Entry.Type.HARD_LINK;
    return new Entry(
        type,
        tar.getName(),
        linked ? tar.getLinkName() : "",
        type == Entry.Type.FILE ? tar.getSize() : 0,
        (tar.getMode() & 0111) != 0);
  }

  private static Entry.Type type(TarArchiveEntry tar) throws ArchiveException {
    return switch (tar.getLinkFlag()) {
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
          tar.getName().endsWith("/") ? Entry.Type.DIRECTORY : Entry.Type.FILE;
      case TarConstants.LF_LINK -> Entry.Type.HARD_LINK;
      case TarConstants.LF_SYMLINK -> Entry.Type.SYMBOLIC_LINK;
      case TarConstants.LF_CHR -> Entry.Type.CHARACTER_DEVICE;
      case TarConstants.LF_BLK -> Entry.Type.BLOCK_DEVICE;
      case TarConstants.LF_DIR -> Entry.Type.DIRECTORY;
      case TarConstants.LF_FIFO -> Entry.Type.FIFO;
      default ->
          throw new ArchiveException(
              "the entry %s has type 0x%02x, which is no kind of file that Corvid knows"
                  .formatted(Printable.name(tar.getName()), tar.getLinkFlag()));
    };
  }

  @Override
  public InputStream body() {
    return tar;
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}

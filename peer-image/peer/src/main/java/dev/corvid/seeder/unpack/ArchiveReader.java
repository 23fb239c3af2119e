package dev.corvid.seeder.unpack;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.ArchiveException;
import dev.corvid.seeder.archive.RefusedArchiveException;
import dev.corvid.seeder.archive.TarArchive;
import dev.corvid.seeder.archive.ZipArchive;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.wire.Reason;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Unpacks archives of one format into a tree. */
public final class ArchiveReader {
  private static final int BUFFER = 1 << 16;

  private final UnpackFormat format;
  private final EntrySelection selection;
  private final ScratchBudget budget;

  public ArchiveReader(UnpackFormat format, EntrySelection selection, ScratchBudget budget) {
    this.format = format;
    this.selection = selection;
    this.budget = budget;
  }

  /**
   * A tar, compressed or not, to the end of what is compressed: the bytes pass once.
   *
   * @param in left open; what follows the archive may be left in it
   */
  public void readStream(InputStream in, ScratchTree tree) throws IOException {
    try (var plain = plain(in)) {
      if (format != UnpackFormat.TAR) {
        MagicNumbers.checkTarIn(format, Compression.head(plain));
      }
      unpack(new TarArchive(plain), tree, UnaryOperator.identity());
      // To the end, so that the compressed stream's own checksum is looked at.
      plain.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * @param head its first bytes
   */
  public void readZip(Path file, byte[] head, ScratchTree tree) throws IOException {
    try (var zip = open(file, head)) {
      unpack(zip, tree, body -> new DecompressedStream(body, budget));
    } catch (ArchiveException e) {
      throw corrupt(e);
    }
  }

  /** What a zip begins with is free, and so only explains why something is no zip. */
  private static ZipArchive open(Path file, byte[] head) throws IOException {
    try {
      return ZipArchive.open(file);
    } catch (ArchiveException e) {
      MagicNumbers.check(UnpackFormat.ZIP, head);
      throw e;
    }
  }

  private InputStream plain(InputStream source) throws IOException {
    var in = Compression.open(format, new BufferedInputStream(unclosed(source), BUFFER));
    // A plain tar too: what it leaves out or replaces, and what is behind its end, is read as well.
    return new BufferedInputStream(new DecompressedStream(in, budget), BUFFER);
  }

  private void unpack(Archive archive, ScratchTree tree, UnaryOperator<InputStream> bodies)
      throws SourceException {
    new Unpacker(selection, tree, bodies).unpack(archive);
  }

  /** What decompresses is closed for its native memory; the source has more to say then. */
  private static InputStream unclosed(InputStream source) {
    return new FilterInputStream(source) {
      @Override
      public void close() {}
    };
  }

  public static SourceException corrupt(IOException e) {
    return new SourceException(
        Reason.InvalidContent,
        e instanceof RefusedArchiveException
            ? ErrorMessage.of(e)
            : "the archive is corrupt: " + ErrorMessage.of(e),
        e);
  }
}

package dev.corvid.seeder;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.ArchiveException;
import dev.corvid.seeder.archive.RefusedArchiveException;
import dev.corvid.seeder.archive.TarArchive;
import dev.corvid.seeder.archive.ZipArchive;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.UnaryOperator;

/**
 * Makes files of one download, in the format that the spec or the URL says: the bytes pass once,
 * are hashed and kept, and become files as they come. A zip is the exception, because its directory
 * stands at its end.
 */
final class Extraction {
  private static final int BUFFER = 1 << 16;

  private final SeederTask task;
  private final SourceUrl first;
  private final DigestCheck digests;
  private final ScratchBudget budget;
  private final Format format;
  private final Selection selection;

  /**
   * @param first the URL of the spec, not a mirror, whose suffix and file name count
   * @throws SourceException when the spec cannot be carried out, whatever the source sends
   */
  Extraction(SeederTask task, SourceUrl first, DigestCheck digests, ScratchBudget budget)
      throws SourceException {
    this.task = task;
    this.first = first;
    this.digests = digests;
    this.budget = budget;
    this.format = Format.of(task.unpack().format(), first);
    this.selection = new Selection(task.files(), task.unpack());
    if (format == Format.NONE) {
      selection.requireSingle(first, FileName.of(first));
    }
    if (isByDefault()) {
      UnnamedArchive.refuseQuery(first);
    }
  }

  /**
   * @throws UnnamedArchiveException when an answer shows that another format may be meant
   */
  void check(Answer answer) throws UnnamedArchiveException {
    if (isByDefault()) {
      UnnamedArchive.refuse(first, answer);
    }
  }

  /** Whether a single file is made only because nothing else is written. */
  private boolean isByDefault() {
    return format == Format.NONE && task.unpack().format().equals("Auto") && task.pinned() == null;
  }

  Fetched of(Download download, Partial partial, Tree tree) throws IOException {
    // Of what is larger than scratch nothing needs to be fetched to know that it will not fit.
    budget.require(download.total(), format.needed(download.total()));
    if (format.isStreamed()) {
      budget.estimateBy(download.total(), download::position);
      budget.beforeRefusal(download::giveUpPartial);
      unpackStream(download, tree);
      return new Fetched(tree, digests.check(format, download), selection.note());
    }
    var digest = digests.check(format, download);
    if (format == Format.ZIP) {
      unpackZip(partial, download, tree);
      return new Fetched(tree, digest, selection.note());
    }
    tree.adopt(partial.file(), FileName.of(first), digest.substring("sha256:".length()));
    return new Fetched(tree, digest, note(download));
  }

  /** Of a single file. */
  private String note(Download download) {
    var unnamed = isByDefault() ? UnnamedArchive.note(first, download.head()) : null;
    return unnamed == null ? selection.note() : unnamed;
  }

  private void unpackZip(Partial partial, Download download, Tree tree) throws IOException {
    try (var zip = open(partial, download)) {
      unpack(zip, tree, body -> new ExpandedStream(body, budget));
    } catch (ArchiveException e) {
      throw corrupt(e);
    }
  }

  /** What a zip begins with is free, and so only explains why something is no zip. */
  private static ZipArchive open(Partial partial, Download download) throws IOException {
    try {
      return ZipArchive.open(partial.file());
    } catch (ArchiveException e) {
      FirstBytes.check(Format.ZIP, download.head());
      throw e;
    }
  }

  private void unpackStream(Download download, Tree tree) throws IOException {
    try {
      try (var plain = plain(download)) {
        if (format != Format.TAR) {
          FirstBytes.checkTarIn(format, Compression.head(plain));
        }
        unpack(new TarArchive(plain), tree, UnaryOperator.identity());
        // To the end, so that the compressed stream's own checksum is looked at.
        plain.transferTo(OutputStream.nullOutputStream());
      }
    } catch (SourceException e) {
      throw e.reason() == Reason.InvalidContent ? digests.mismatchOr(e, format, download) : e;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw digests.mismatchOr(corrupt(e), format, download);
    }
  }

  private InputStream plain(Download download) throws IOException {
    var in = Compression.open(format, new BufferedInputStream(unclosed(download), BUFFER));
    // A plain tar too: what it leaves out or replaces, and what is behind its end, is read as well.
    return new BufferedInputStream(new ExpandedStream(in, budget), BUFFER);
  }

  private void unpack(Archive archive, Tree tree, UnaryOperator<InputStream> bodies)
      throws SourceException {
    new Unpacker(selection, tree, bodies).unpack(archive);
  }

  /** What decompresses is closed for its native memory; the download has more to say then. */
  private static InputStream unclosed(Download download) {
    return new FilterInputStream(download) {
      @Override
      public void close() {}
    };
  }

  private static SourceException corrupt(IOException e) {
    return new SourceException(
        Reason.InvalidContent,
        e instanceof RefusedArchiveException
            ? e.getMessage()
            : "the archive is corrupt: " + e.getMessage(),
        e);
  }
}

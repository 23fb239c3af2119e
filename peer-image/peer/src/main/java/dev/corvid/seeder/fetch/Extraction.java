package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.error.UndeclaredArchiveException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.ArchiveReader;
import dev.corvid.seeder.unpack.EntrySelection;
import dev.corvid.seeder.unpack.FileName;
import dev.corvid.seeder.unpack.UndeclaredArchive;
import dev.corvid.seeder.unpack.UnpackFormat;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes files of one download, in the format that the spec or the URL says: the bytes pass once,
 * are hashed and kept, and become files as they come. A zip is the exception, because its directory
 * stands at its end.
 */
final class Extraction {
  private final SeederTask task;
  private final SourceUrl first;
  private final DigestCheck digests;
  private final ScratchBudget budget;
  private final UnpackFormat format;
  private final EntrySelection selection;
  private final ArchiveReader reader;

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
    this.format = UnpackFormat.of(task.unpack().format(), first);
    this.selection = new EntrySelection(task.files(), task.unpack());
    this.reader = new ArchiveReader(format, selection, budget);
    if (format == UnpackFormat.NONE) {
      selection.requireSingle(first, FileName.of(first));
    }
    if (isByDefault()) {
      UndeclaredArchive.refuseQuery(first);
    }
  }

  /**
   * @throws UndeclaredArchiveException when an answer shows that another format may be meant
   */
  void check(SourceResponse response) throws UndeclaredArchiveException {
    if (isByDefault()) {
      UndeclaredArchive.refuse(first, response);
    }
  }

  /** Whether a single file is made only because nothing else is written. */
  private boolean isByDefault() {
    return format == UnpackFormat.NONE
        && task.unpack().format().equals("Auto")
        && task.pinned() == null;
  }

  FetchedTree of(ResumingInputStream download, PartialDownload partial, ScratchTree tree)
      throws IOException {
    // Of what is larger than scratch nothing needs to be fetched to know that it will not fit.
    budget.require(download.total(), format.needed(download.total()));
    if (format.isStreamed()) {
      budget.estimateBy(download.total(), download::position);
      // First the speed, then the means to resume, and at last the speed again.
      budget.beforeRefusal(
          () -> {
            budget.beforeRefusal(
                () -> {
                  budget.beforeRefusal(download::giveUpAhead);
                  download.giveUpPartial();
                });
            download.giveUpAhead();
          });
      unpackStream(download, tree);
      return new FetchedTree(tree, digests.check(format, download), selection.note());
    }
    var digest = digests.check(format, download);
    if (format == UnpackFormat.ZIP) {
      reader.readZip(partial.file(), download.head(), tree);
      return new FetchedTree(tree, digest, selection.note());
    }
    tree.adopt(partial.file(), FileName.of(first), digest.substring("sha256:".length()));
    return new FetchedTree(tree, digest, note(download));
  }

  /** Of a single file. */
  private @Nullable String note(ResumingInputStream download) {
    var unnamed = isByDefault() ? UndeclaredArchive.note(first, download.head()) : null;
    return unnamed == null ? selection.note() : unnamed;
  }

  private void unpackStream(ResumingInputStream download, ScratchTree tree) throws IOException {
    try {
      reader.readStream(download, tree);
    } catch (SourceException e) {
      throw e.reason() == Reason.InvalidContent ? digests.mismatchOr(e, format, download) : e;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw digests.mismatchOr(ArchiveReader.corrupt(e), format, download);
    }
  }
}

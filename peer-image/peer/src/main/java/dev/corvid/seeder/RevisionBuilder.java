package dev.corvid.seeder;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchedTree;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.scratch.TreeManifest;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.ManifestSummary;
import dev.corvid.store.manifest.RevisionLayout;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a revision of a tree: manifest, layout, piece hashes, names. */
public final class RevisionBuilder {
  private final SeederTask task;
  private final int threads;

  /**
   * @param threads that hash pieces at once
   */
  public RevisionBuilder(SeederTask task, int threads) {
    this.task = task;
    this.threads = threads;
  }

  /**
   * @param originBytes read from the source until now
   * @throws SourceException when the content cannot be a revision, or is not the pinned one
   */
  public SeededRevision make(FetchedTree fetched, ScratchBudget budget, long originBytes)
      throws SourceException, InterruptedException {
    try {
      var tree = fetched.tree();
      var manifest = tree.root().resolve(ContentPath.MANIFEST);
      var written = TreeManifest.write(tree, manifest);
      var summary = written.summary();
      budget.take(ScratchBudget.onDisk(summary.manifestBytes()));
      var metainfo = hash(tree.root(), manifest, summary);
      var content =
          new Content(
              summary.digest(),
              metainfo.infoHash().hex(),
              metainfo.pieceLength(),
              summary.contentBytes(),
              summary.files());
      requirePinned(content);
      return new SeededRevision(
          metainfo, content, fetched.sourceDigest(), originBytes, written.noteAnd(fetched.note()));
    } catch (SourceException e) {
      throw e;
    } catch (StoreException e) {
      throw new SourceException(e.reason(), ErrorMessage.of(e), e);
    } catch (MetainfoException e) {
      throw new SourceException(
          Reason.InvalidContent,
          "the content cannot be made a torrent: "
              + e.getMessage()
              + "; pack its small files into an archive of their own",
          e);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private Metainfo hash(Path tree, Path manifest, ManifestSummary summary)
      throws IOException, InterruptedException {
    int pieceLength = pieceLength(summary.contentBytes());
    try (var in = new BufferedInputStream(Files.newInputStream(manifest), 1 << 16);
        var reader = new ManifestReader(in)) {
      var info = RevisionLayout.of(reader, summary.manifestBytes(), pieceLength);
      byte[] hashes;
      try (var storage = SeedStorage.of(info.layout(), tree)) {
        hashes =
            new PieceHasher(threads)
                .hash(storage::read, info.totalLength(), pieceLength, hashed -> {});
      }
      // Only now: with many names there is no room for both info dictionaries.
      return info.build(hashes);
    }
  }

  private int pieceLength(long contentBytes) {
    if (task.pinned() != null) {
      return task.pinned().content().pieceLength();
    }
    return task.pieceLength() == 0
        ? RevisionLayout.pieceLength(contentBytes)
        : RevisionLayout.pieceLength(contentBytes, task.pieceLength());
  }

  private void requirePinned(Content content) throws SourceException {
    if (task.pinned() != null && !task.pinned().content().equals(content)) {
      throw new SourceException(
          Reason.SeederFailed,
          "the same bytes became revision %s (info-hash %s) instead of %s (%s): another version of Corvid made it; %s"
              .formatted(
                  content.revision(),
                  content.infoHash(),
                  task.pinned().content().revision(),
                  task.pinned().content().infoHash(),
                  task.hasDigest()
                      ? "delete the release and create it again"
                      : "change spec.version to make it again"));
    }
  }
}

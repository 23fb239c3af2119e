package dev.corvid.seeder;

import dev.corvid.seeder.archive.Archive;
import dev.corvid.seeder.archive.ArchiveException;
import dev.corvid.seeder.archive.RefusedArchiveException;
import dev.corvid.seeder.archive.TarArchive;
import dev.corvid.seeder.archive.ZipArchive;
import dev.corvid.store.ManifestReader;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One attempt, at one URL after the other until one has the content: the bytes pass once, are
 * hashed and kept, and become files as they come. A zip is the exception, because its directory
 * stands at its end. Nothing of it is published before the digest of the whole is known and right.
 *
 * <pre>
 * what a URL gave                          what follows
 * nothing, a refusal, half of it           the next URL; what came is kept, to be continued
 * wrong bytes                              the next URL; what came is forgotten
 * another version, half-way                the same URL, from its first byte
 * joined bytes that are not those pinned   the same URL, from its first byte, alone
 * the bytes that are pinned, and they      no other URL is asked
 *   cannot be released
 * </pre>
 */
final class Fetch {
  private static final int BUFFER = 1 << 16;

  /** Of one URL, because what it sent before cannot be continued. */
  private static final int MAX_RESTARTS = 2;

  private static final Duration FIRST_RESUMPTION = Duration.ofMillis(200);
  private static final Duration LAST_RESUMPTION = Duration.ofSeconds(10);

  private final SeederTask task;
  private final SourceFactory sources;
  private final Scratch scratch;
  private final FetchProgress progress;
  private final Pause pause;
  private final RandomGenerator random;
  private final String bootId;
  private final Refusals refusals = new Refusals();
  private boolean digestIsRight;

  /**
   * @param bootId names the kernel's run: bytes on scratch are believed within it
   */
  Fetch(
      SeederTask task,
      SourceFactory sources,
      Scratch scratch,
      FetchProgress progress,
      Pause pause,
      RandomGenerator random,
      String bootId) {
    this.task = task;
    this.sources = sources;
    this.scratch = scratch;
    this.progress = progress;
    this.pause = pause;
    this.random = random;
    this.bootId = bootId;
  }

  Fetched run(ScratchBudget budget) throws SourceException, InterruptedException {
    var troubles = new Troubles();
    try (var source = sources.create()) {
      source.onRequest(progress::asks);
      var urls = source.urls(Partial.keptUrl(scratch.root(), bootId).orElse(null));
      for (var url : urls) {
        try {
          return fromUrl(source, url, url != urls.getLast(), budget);
        } catch (SourceException e) {
          if (isFinal(e)) {
            throw e;
          }
          troubles.add(url, e);
        }
      }
    }
    throw troubles.toException();
  }

  /** What another URL would not change. */
  private boolean isFinal(SourceException e) {
    return switch (e.reason()) {
      case SourceUnreachable, SourceAuthFailed -> false;
      default -> !Troubles.isWrongContent(e.reason()) || digestIsRight;
    };
  }

  private Fetched fromUrl(HttpSource source, SourceUrl url, boolean hurried, ScratchBudget budget)
      throws SourceException, InterruptedException {
    for (int restarts = 0; ; restarts++) {
      try {
        return attempt(new Download.Origin(source, url, hurried, restarts > 0), budget);
      } catch (RestartException e) {
        if (restarts == MAX_RESTARTS) {
          throw e;
        }
      }
    }
  }

  private Fetched attempt(Download.Origin origin, ScratchBudget budget)
      throws SourceException, InterruptedException {
    scratch.clean();
    budget.reset();
    digestIsRight = false;
    var format = Format.of(task.unpack().format(), sources.firstUrl());
    try (var partial = new Partial(scratch.root(), budget, bootId);
        var download =
            Download.open(
                origin,
                partial,
                progress,
                new Backoff(FIRST_RESUMPTION, LAST_RESUMPTION, random),
                pause);
        var tree = new Tree(scratch.tree(), log(), budget)) {
      refusals.check(origin.url(), download.validator());
      try {
        return fetch(sources.firstUrl(), format, download, partial, tree, budget);
      } catch (RestartException e) {
        partial.giveUp();
        throw e;
      } catch (SourceException e) {
        if (Troubles.isWrongContent(e.reason())) {
          partial.giveUp();
          wrongContent(origin, download, e);
        }
        throw e;
      }
    } catch (SourceException e) {
      throw e;
    } catch (InterruptedIOException e) {
      throw new InterruptedException("the seeder stops");
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Bytes that were joined may be right each by themselves. */
  private void wrongContent(Download.Origin origin, Download download, SourceException e)
      throws RestartException {
    boolean mixture = task.http().digest() != null && !digestIsRight && download.isJoined();
    if (mixture && !origin.alone()) {
      throw new RestartException(e);
    }
    refusals.note(origin.url(), download.validator(), e);
  }

  private Fetched fetch(
      SourceUrl url,
      Format format,
      Download download,
      Partial partial,
      Tree tree,
      ScratchBudget budget)
      throws IOException {
    if (format.isStreamed()) {
      budget.beforeRefusal(partial::giveUp);
      unpackStream(format, download, tree, budget);
      return new Fetched(tree, checkedDigest(download));
    }
    budget.require(download.total());
    var digest = checkedDigest(download);
    if (format == Format.ZIP) {
      if (download.position() == 0) {
        throw corrupt(Compression.empty());
      }
      try (var zip = ZipArchive.open(partial.file())) {
        unpack(zip, tree, body -> new ExpandedStream(body, budget));
      } catch (ArchiveException e) {
        throw corrupt(e);
      }
    } else {
      tree.adopt(partial.file(), fileName(url), digest.substring("sha256:".length()));
    }
    return new Fetched(tree, digest);
  }

  private void unpackStream(Format format, Download download, Tree tree, ScratchBudget budget)
      throws IOException {
    try {
      try (var plain = plain(format, download, budget)) {
        unpack(new TarArchive(plain), tree, UnaryOperator.identity());
        // To the end, so that the compressed stream's own checksum is looked at.
        plain.transferTo(OutputStream.nullOutputStream());
      }
    } catch (SourceException e) {
      throw e.reason() == Reason.InvalidContent ? mismatchOr(e, download) : e;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw mismatchOr(corrupt(e), download);
    }
  }

  private static InputStream plain(Format format, Download download, ScratchBudget budget)
      throws IOException {
    var in = Compression.open(format, new BufferedInputStream(unclosed(download), BUFFER));
    // What is not compressed is no more than what was fetched.
    return format == Format.TAR
        ? in
        : new BufferedInputStream(new ExpandedStream(in, budget), BUFFER);
  }

  private void unpack(Archive archive, Tree tree, UnaryOperator<InputStream> bodies)
      throws SourceException {
    new Unpacker(new Selection(task.unpack()), tree, bodies).unpack(archive);
  }

  /** What cannot be unpacked is, when a digest is pinned, first of all not what was pinned. */
  private SourceException mismatchOr(SourceException invalid, Download download)
      throws InterruptedIOException {
    if (task.http().digest() == null) {
      return invalid;
    }
    try {
      checkedDigest(download);
      return invalid;
    } catch (SourceException e) {
      return e;
    }
  }

  private String checkedDigest(Download download) throws SourceException, InterruptedIOException {
    download.drain();
    var digest = download.digest();
    var wanted = task.http().digest();
    if (wanted != null && !wanted.equals(digest)) {
      throw new SourceException(
          Reason.DigestMismatch,
          "spec.source.digest is %s, but %s has %s".formatted(wanted, download.url(), digest));
    }
    digestIsRight = wanted != null;
    var pinned = task.pinned();
    if (pinned != null && !pinned.sourceDigest().equals(digest)) {
      throw new SourceException(
          Reason.SourceChanged,
          "%s has %s now, but this release was made from %s; change spec.source.refresh to take the new bytes, or restore the old ones"
              .formatted(download.url(), digest, pinned.sourceDigest()));
    }
    return digest;
  }

  private static String fileName(SourceUrl url) throws SourceException {
    var name = url.fileName();
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new SourceException(
          Reason.InvalidSpec,
          "a file that is not unpacked is called by the last part of its URL, and "
              + url
              + " has none");
    }
    return name;
  }

  private EntryLog log() throws SourceException {
    try {
      return new EntryLog(scratch.entries(), ManifestReader.MAX_ENTRIES);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** What decompresses is closed for its native memory; the download has more to say then. */
  private static InputStream unclosed(Download download) {
    return new FilterInputStream(download) {
      /** Else a gzip is taken to end with a member that the buffer ends with. */
      @Override
      public int available() {
        return 1;
      }

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

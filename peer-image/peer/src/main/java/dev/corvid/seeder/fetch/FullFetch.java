package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.DefectException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.error.UndeclaredArchiveException;
import dev.corvid.seeder.scratch.EntryLog;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.scratch.ScratchProbe;
import dev.corvid.seeder.scratch.ScratchTree;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.scratch.UnsafeLinkPolicy;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * One attempt, at one URL after the other until one has the content. Nothing of it is published
 * before the whole is here and its digest is the pinned one, if there is one.
 *
 * <pre>
 * what a URL gave                          what follows
 * nothing, a refusal, half of it           the next URL; with a pinned digest that continues what
 *                                          came, without one it begins from its first byte
 * wrong bytes                              the next URL; what came is forgotten
 * headers that call a file an archive      the next URL; what came from others is kept
 * another version, half-way                the same URL, from its first byte
 * joined bytes that are not those pinned   the same URL, from its first byte, alone
 * the bytes that are pinned, and they      no other URL is asked
 *   cannot be released
 * </pre>
 */
public final class FullFetch {
  /** How often one URL is asked from its first byte again within an attempt. */
  private static final int MAX_RESTARTS = 2;

  private static final Duration FIRST_RESUMPTION = Duration.ofMillis(200);
  private static final Duration LAST_RESUMPTION = Duration.ofSeconds(10);

  private final SeederTask task;
  private final SourceFactory sources;
  private final ScratchVolume scratch;
  private final FetchProgress progress;
  private final Sleeper sleeper;
  private final RandomGenerator random;
  private final String bootId;
  private final SeederLog log;
  private final RejectedVersions rejected = new RejectedVersions();
  private final DigestCheck digests;

  /**
   * @param bootId names the kernel's run: bytes on scratch are believed within it
   */
  public FullFetch(
      SeederTask task,
      SourceFactory sources,
      ScratchVolume scratch,
      FetchProgress progress,
      Sleeper sleeper,
      RandomGenerator random,
      String bootId) {
    this.task = task;
    this.sources = sources;
    this.scratch = scratch;
    this.progress = progress;
    this.sleeper = sleeper;
    this.random = random;
    this.bootId = bootId;
    this.digests = new DigestCheck(task, sources);
    this.log = new SeederLog(task);
  }

  public FetchedTree run(ScratchBudget budget) throws SourceException, InterruptedException {
    var failures = new MirrorFailures();
    progress.ended(StartTimes.Stage.PREPARED);
    try (var source = sources.create()) {
      progress.ended(StartTimes.Stage.SOURCE);
      source.onRequest(progress::asks);
      source.onSkipped(progress::read);
      var urls = source.urls(PartialDownload.keptUrl(scratch.root(), bootId).orElse(null));
      for (var url : urls) {
        log.asks(url);
        try {
          return failures.noted(fromUrl(source, url, url != urls.getLast(), budget));
        } catch (SourceException e) {
          if (isFinal(e)) {
            throw e;
          }
          failures.add(url, e);
          if (url != urls.getLast()) {
            log.nextMirror(url, e);
          }
        }
      }
    }
    throw failures.toException();
  }

  /** What another URL would not change. */
  private boolean isFinal(SourceException e) {
    if (e instanceof UndeclaredArchiveException) {
      return false;
    }
    return switch (e.reason()) {
      case SourceUnreachable, SourceAuthFailed -> false;
      case InsufficientDisk -> digests.isRight(); // the others may have less
      case SeederFailed -> !(e instanceof DefectException) || digests.isRight();
      default -> !MirrorFailures.isWrongContent(e.reason()) || digests.isRight();
    };
  }

  private FetchedTree fromUrl(
      MirroredSource source, SourceUrl url, boolean hurried, ScratchBudget budget)
      throws SourceException, InterruptedException {
    for (int restarts = 0; ; restarts++) {
      try {
        return attempt(new ResumingInputStream.Origin(source, url, hurried, restarts > 0), budget);
      } catch (RestartException e) {
        if (restarts == MAX_RESTARTS) {
          throw e;
        }
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        throw new DefectException(e);
      }
    }
  }

  private FetchedTree attempt(ResumingInputStream.Origin origin, ScratchBudget budget)
      throws SourceException, InterruptedException {
    scratch.clean();
    budget.reset();
    digests.reset();
    ScratchProbe.require(scratch.tree());
    var extraction = new Extraction(task, sources.firstUrl(), digests, budget);
    try (var partial = new PartialDownload(scratch.root(), budget, bootId);
        var download =
            ResumingInputStream.open(
                origin,
                response -> {
                  extraction.check(response);
                  rejected.check(origin.url(), response.validator());
                },
                partial,
                progress,
                new RetryBackoff(FIRST_RESUMPTION, LAST_RESUMPTION, random),
                sleeper);
        var tree =
            new ScratchTree(scratch.tree(), log(), budget, UnsafeLinkPolicy.of(task.unpack()))) {
      try {
        var fetched = extraction.of(download, partial, tree);
        digests.checkManifest(tree, download);
        return fetched;
      } catch (RestartException e) {
        partial.giveUp();
        throw e;
      } catch (SourceException e) {
        if (isMixture(origin, download) && isOfContent(e)) {
          partial.giveUp();
          throw new RestartException(e);
        }
        if (MirrorFailures.isWrongContent(e.reason())) {
          partial.giveUp();
          rejected.note(origin.url(), download.validator(), e);
        } else if (e.reason() == Reason.InsufficientDisk && budget.isExceeded()) {
          rejected.note(origin.url(), download.validator(), e);
        }
        throw e;
      } catch (RuntimeException e) {
        if (isMixture(origin, download)) {
          partial.giveUp();
          throw new RestartException(new DefectException(e));
        }
        throw e;
      }
    } catch (SourceException e) {
      if (e.getCause() instanceof ClosedByInterruptException) {
        throw new InterruptedException("the seeder stops"); // while it wrote to scratch
      }
      throw e;
    } catch (InterruptedIOException e) {
      throw new InterruptedException("the seeder stops");
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /**
   * Joined bytes may each be right and still be wrong together. Then neither a URL is to blame, nor
   * scratch that is too small for the result.
   */
  private boolean isMixture(ResumingInputStream.Origin origin, ResumingInputStream download) {
    return task.hasDigest() && !digests.isRight() && download.isJoined() && !origin.alone();
  }

  /** Whether the bytes made it fail, and not their source, nor the disk. */
  private static boolean isOfContent(SourceException e) {
    return switch (e.reason()) {
      case SourceUnreachable, SourceAuthFailed -> false;
      default ->
          !(e.getCause() instanceof IOException broken)
              || broken instanceof SourceException
              || MirrorFailures.isWrongContent(e.reason());
    };
  }

  private EntryLog log() throws SourceException {
    try {
      return new EntryLog(scratch.entries(), ManifestReader.MAX_ENTRIES);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }
}

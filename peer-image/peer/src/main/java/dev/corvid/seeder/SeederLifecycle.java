package dev.corvid.seeder;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.fetch.FullFetch;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.store.piece.SeedStorage;
import java.io.IOException;
import java.util.Optional;

/**
 * A seeder's life: a revision, from scratch if an earlier container finished it, else piece by
 * piece if an earlier seeder published it and that can be done, else from the whole source; then
 * serving it until the pod ends.
 */
final class SeederLifecycle {
  private final SeederContext context;
  private final PiecewiseFetch piecewise;
  private final FullFetch fetch;
  private final FetchProgress progress;
  private final SeederStatus status;
  private final RetryLoop retries;
  private final Swarm swarm;
  private final SeederLog log;

  SeederLifecycle(
      SeederContext context,
      PiecewiseFetch piecewise,
      FullFetch fetch,
      FetchProgress progress,
      SeederStatus status,
      RetryLoop retries,
      Swarm swarm) {
    this.context = context;
    this.piecewise = piecewise;
    this.fetch = fetch;
    this.progress = progress;
    this.status = status;
    this.retries = retries;
    this.swarm = swarm;
    this.log = new SeederLog(context.task());
  }

  /** Runs until the thread is interrupted, or the scratch volume fails under the swarm. */
  void run() throws InterruptedException, IOException {
    try (var seeding = seeding()) {
      seeding.awaitFailure();
    }
  }

  private SeedingTorrent seeding() throws InterruptedException, IOException {
    var finished = RevisionRecord.read(context);
    if (finished.isPresent()) {
      return seed(finished.get());
    }
    Optional<SeedingTorrent> whole = retries.untilDone(piecewise::run);
    return whole.isPresent() ? whole.get() : seed(retries.untilDone(this::fromTheSource));
  }

  private SeededRevision fromTheSource() throws SourceException, InterruptedException {
    var budget = new ScratchBudget(context.task().scratchBytes());
    long before = progress.bytes();
    var fetched = progress.timed(() -> fetch.run(budget));
    log.fetched(progress.bytes() - before, progress.took());
    progress.hashing();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    var revision =
        new RevisionBuilder(context.task(), threads).make(fetched, budget, progress.bytes());
    RevisionRecord.write(context, revision);
    return revision;
  }

  private SeedingTorrent seed(SeededRevision revision) throws IOException {
    context.scratch().forgetSource();
    var seeding =
        SeedingTorrent.begin(
            swarm,
            context.swarmOf(revision.metainfo().infoHash()),
            revision.metainfo(),
            SeedStorage.of(revision.metainfo(), context.scratch().tree()),
            TorrentOptions.defaults().withSuperSeed(true));
    log.published(revision.content());
    status.seeding(
        SeederState.Seeding.of(
            context.publication(
                revision.sourceDigest(), revision.content(), revision.originBytes()),
            revision.note(),
            seeding));
    return seeding;
  }
}

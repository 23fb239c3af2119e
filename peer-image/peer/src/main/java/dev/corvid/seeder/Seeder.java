package dev.corvid.seeder;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.store.SeedStorage;
import java.io.IOException;
import java.util.Optional;

/**
 * A seeder's life: a revision, from scratch if an earlier container finished it, else piece by
 * piece if an earlier seeder published it and that can be done, else from the whole source; then
 * serving it until the pod ends.
 */
final class Seeder {
  private final Assignment assignment;
  private final PiecewiseFetch piecewise;
  private final Fetch fetch;
  private final FetchProgress progress;
  private final SeederStatus status;
  private final Attempts attempts;
  private final Swarm swarm;
  private final SeederLog log;

  Seeder(
      Assignment assignment,
      PiecewiseFetch piecewise,
      Fetch fetch,
      FetchProgress progress,
      SeederStatus status,
      Attempts attempts,
      Swarm swarm) {
    this.assignment = assignment;
    this.piecewise = piecewise;
    this.fetch = fetch;
    this.progress = progress;
    this.status = status;
    this.attempts = attempts;
    this.swarm = swarm;
    this.log = new SeederLog(assignment.task());
  }

  /** Runs until the thread is interrupted, or the scratch volume fails under the swarm. */
  void run() throws InterruptedException, IOException {
    try (var serving = serving()) {
      serving.awaitFailure();
    }
  }

  private Serving serving() throws InterruptedException, IOException {
    var finished = RevisionRecord.read(assignment);
    if (finished.isPresent()) {
      return seed(finished.get());
    }
    Optional<Serving> whole = attempts.untilDone(piecewise::run);
    return whole.isPresent() ? whole.get() : seed(attempts.untilDone(this::fromTheSource));
  }

  private SeededRevision fromTheSource() throws SourceException, InterruptedException {
    var budget = new ScratchBudget(assignment.task().scratchBytes());
    long before = progress.bytes();
    var fetched = progress.timed(() -> fetch.run(budget));
    log.fetched(progress.bytes() - before, progress.took());
    progress.hashing();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    var revision =
        new RevisionMaker(assignment.task(), threads).make(fetched, budget, progress.bytes());
    RevisionRecord.write(assignment, revision);
    return revision;
  }

  private Serving seed(SeededRevision revision) throws IOException {
    assignment.scratch().forgetSource();
    var serving =
        Serving.begin(
            swarm,
            assignment.swarmOf(revision.metainfo().infoHash()),
            revision.metainfo(),
            SeedStorage.of(revision.metainfo(), assignment.scratch().tree()),
            TorrentOptions.defaults().withSuperSeed(true));
    log.published(revision.content());
    status.seeding(
        SeederState.Seeding.of(
            assignment.publication(
                revision.sourceDigest(), revision.content(), revision.originBytes()),
            revision.note(),
            serving));
    return serving;
  }
}

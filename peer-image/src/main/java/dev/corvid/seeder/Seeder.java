package dev.corvid.seeder;

import dev.corvid.metainfo.Metainfo;
import dev.corvid.store.SeedStorage;
import dev.corvid.swarm.Swarm;
import dev.corvid.swarm.Torrent;
import dev.corvid.swarm.TorrentListener;
import dev.corvid.swarm.TorrentOptions;
import dev.corvid.wire.Publication;
import dev.corvid.wire.SeederTask;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.logging.Logger;

/**
 * A seeder's life: a revision, from scratch if an earlier container finished it, else from the
 * source; then serving it until the pod ends.
 */
final class Seeder {
  private static final Logger log = Logger.getLogger(Seeder.class.getName());

  private final SeederTask task;
  private final byte[] key;
  private final Scratch scratch;
  private final String bootId;
  private final Fetch fetch;
  private final FetchProgress progress;
  private final SeederStatus status;
  private final Attempts attempts;
  private final Swarm swarm;

  Seeder(
      SeederTask task,
      byte[] key,
      Scratch scratch,
      String bootId,
      Fetch fetch,
      FetchProgress progress,
      SeederStatus status,
      Attempts attempts,
      Swarm swarm) {
    this.task = task;
    this.key = key.clone();
    this.scratch = scratch;
    this.bootId = bootId;
    this.fetch = fetch;
    this.progress = progress;
    this.status = status;
    this.attempts = attempts;
    this.swarm = swarm;
  }

  /** Runs until the thread is interrupted, or the scratch volume fails under the swarm. */
  void run() throws InterruptedException, IOException {
    var finished = RevisionRecord.read(scratch, bootId, task);
    var revision = finished.isPresent() ? finished.get() : attempts.untilDone(this::fromTheSource);
    scratch.forgetSource();
    seed(revision);
  }

  private SeededRevision fromTheSource() throws SourceException, InterruptedException {
    var budget = new ScratchBudget(task.scratchBytes());
    var fetched = fetch.run(budget);
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    var revision = new RevisionMaker(task, threads).make(fetched, budget, progress.bytes());
    RevisionRecord.write(scratch, bootId, task, revision);
    return revision;
  }

  private void seed(SeededRevision revision) throws IOException, InterruptedException {
    var failure = new ArrayBlockingQueue<IOException>(1);
    try (var storage = SeedStorage.of(revision.metainfo(), scratch.tree());
        var torrent = add(revision.metainfo(), storage, failure)) {
      log.info(
          "seeding revision "
              + revision.content().revision()
              + ", info-hash "
              + revision.content().infoHash());
      status.seeding(
          new SeederState.Seeding(
              publication(revision), Instant.now(), () -> torrent.stats().uploaded()));
      throw failure.take();
    }
  }

  private Torrent add(Metainfo metainfo, SeedStorage storage, Queue<IOException> failure) {
    return swarm.add(
        metainfo,
        storage,
        TorrentOptions.defaults().withSuperSeed(true),
        new TorrentListener() {
          @Override
          public void storageFailed(IOException cause) {
            failure.offer(cause);
          }
        });
  }

  private Publication publication(SeededRevision revision) {
    return Publication.prove(
        task.releaseUid(),
        task.sourceHash(),
        revision.sourceDigest(),
        revision.content(),
        revision.originBytes(),
        key);
  }
}

package dev.corvid.seeder;

import dev.corvid.seeder.fetch.FetchFixture;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.wire.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One case on the seeder's own code: its attempts, and the revision that comes of them. */
final class CaseRun {
  /** What stays refused would be so for ever. */
  private static final int MAX_ATTEMPTS = 2;

  private final Case one;
  private final FetchFixture fixture;
  private final Path scratch;
  private final SeederStatus status;
  private int attempts;

  /**
   * What became of a case.
   *
   * @param tree the revision's lines; empty when there is none
   * @param reason of the last refusal; null when there was none
   * @param message as the status has it
   */
  record Outcome(List<String> tree, Reason reason, String message, int attempts) {
    boolean isReleased() {
      return !tree.isEmpty();
    }

    /** For the table. */
    String verdict() {
      return isReleased() ? "released" : "refused";
    }
  }

  CaseRun(Case one, OddServer server, Path directory) throws IOException {
    this.one = one;
    this.scratch = Files.createDirectories(directory.resolve("scratch"));
    fixture = new FetchFixture(scratch, urls(one, server));
    fixture.files = one.selected();
    fixture.unpack = one.unpack();
    fixture.digest = one.digest;
    fixture.scratchBytes = one.scratchBytes;
    fixture.timeouts = one.timeouts;
    if (!one.secret.isEmpty()) {
      fixture.secret = Files.createDirectories(directory.resolve("secret"));
      Files.writeString(fixture.secret.resolve("hosts"), server.url(""));
      for (var entry : one.secret.entrySet()) {
        Files.writeString(fixture.secret.resolve(entry.getKey()), entry.getValue());
      }
    }
    status = new SeederStatus(0, fixture.progress);
  }

  static String[] urls(Case one, OddServer server) {
    return one.files.stream().map(file -> server.url(one.name + "/" + file)).toArray(String[]::new);
  }

  Outcome run() throws Exception {
    var fetch = fixture.reusable();
    try {
      new RetryLoop(status, this::pause, new SeederLog(fixture.task()), new Random(1))
          .untilDone(
              () -> {
                attempts++;
                var budget = new ScratchBudget(one.scratchBytes);
                return new RevisionBuilder(fixture.task(), 1)
                    .make(fetch.run(budget), budget, fixture.progress.bytes());
              });
      return outcome(tree(scratch.resolve("tree")));
    } catch (InterruptedException e) {
      return outcome(List.of());
    }
  }

  private Outcome outcome(List<String> tree) {
    return status.state() instanceof SeederState.Failed(var reason, var message, var bytes)
        ? new Outcome(tree, reason, message, attempts)
        : new Outcome(tree, null, "", attempts);
  }

  private void pause(Duration duration) throws InterruptedException {
    if (one.once || attempts == MAX_ATTEMPTS) {
      throw new InterruptedException("enough");
    }
    if (one.waits) {
      Thread.sleep(duration); // of this case the pauses are what is tested
    }
  }

  /** By the manifest, which is what nodes go by. */
  static List<String> tree(Path root) throws IOException {
    var lines = new ArrayList<String>();
    var manifest = Files.newInputStream(root.resolve(ContentPath.MANIFEST));
    try (var reader = new ManifestReader(new BufferedInputStream(manifest))) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        var file = root.resolve(next.get().path());
        lines.add(
            Case.line(
                next.get(), Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]));
      }
    }
    return lines.stream().sorted().toList();
  }
}

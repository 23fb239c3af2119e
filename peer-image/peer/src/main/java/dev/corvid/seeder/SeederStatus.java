package dev.corvid.seeder;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.text.Printable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The seeder's state for others to see: reports, probes, metrics. Thread-safe. */
final class SeederStatus {
  private final int port;
  private final FetchProgress progress;
  private volatile SeederState state = new SeederState.Fetching();
  private volatile SeederState.@Nullable Seeding published;
  private volatile Runnable onChange = () -> {};

  /**
   * @param port where peers reach this seeder
   */
  SeederStatus(int port, FetchProgress progress) {
    this.port = port;
    this.progress = progress;
  }

  /** Runs at each change of state, and when the source begins to answer. */
  void onChange(Runnable listener) {
    onChange = listener;
    progress.onFirstByte(listener);
  }

  SeederState state() {
    return state instanceof SeederState.Failed failed && failed.isHealedBy(progress.bytes())
        ? new SeederState.Fetching()
        : state;
  }

  void failed(SourceException e) {
    become(
        new SeederState.Failed(e.reason(), Printable.text(e.getMessage(), 1024), progress.bytes()));
  }

  /** What was published is not served any more: it is fetched again. */
  void fetching() {
    become(new SeederState.Fetching());
  }

  void seeding(SeederState.Seeding seeding) {
    published = seeding;
    become(seeding);
  }

  private void become(SeederState next) {
    state = next;
    onChange.run();
  }

  /** Payload sent to peers, of this moment. */
  long uploaded() {
    var last = published;
    return last == null ? 0 : last.uploaded().getAsLong();
  }

  /** When the revision was published last; empty before. */
  Optional<Instant> publishedAt() {
    return Optional.ofNullable(published).map(SeederState.Seeding::since);
  }

  /** What the tracker is told. */
  SeederReport report() {
    return switch (state()) {
      case SeederState.Fetching() ->
          report(SeederReport.State.FETCHING, null, null, progress.waitsFor().orElse(null));
      case SeederState.Failed failed ->
          report(SeederReport.State.FAILED, null, failed.reason(), failed.message());
      case SeederState.Seeding seeding ->
          report(SeederReport.State.SEEDING, seeding.publication(), null, seeding.note());
    };
  }

  private SeederReport report(
      SeederReport.State name,
      @Nullable Publication publication,
      @Nullable Reason reason,
      @Nullable String message) {
    return new SeederReport(
        name, port, progress.bytes(), progress.total(), publication, uploaded(), reason, message);
  }

  /** For the readiness probe. */
  Optional<String> notReady() {
    return switch (state()) {
      case SeederState.Fetching() ->
          Optional.of("%,d of %,d bytes are fetched".formatted(progress.bytes(), progress.total()));
      case SeederState.Failed failed -> Optional.of(failed.reason() + ": " + failed.message());
      case SeederState.Seeding seeding -> Optional.empty();
    };
  }
}

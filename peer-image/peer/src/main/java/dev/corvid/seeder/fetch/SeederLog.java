package dev.corvid.seeder.fetch;

import dev.corvid.log.LineBudget;
import dev.corvid.log.LogEvent;
import dev.corvid.log.LogFields;
import dev.corvid.log.LogKey;
import dev.corvid.log.ReleaseLog;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.time.Duration;
import java.util.logging.Logger;

/** What a seeder does for its release, in the log. URLs are without query. Thread-safe. */
public final class SeederLog {
  private final ReleaseLog log =
      new ReleaseLog(Logger.getLogger(SeederLog.class.getName()), new LineBudget(System::nanoTime));
  private final LogFields subject;

  public SeederLog(SeederTask task) {
    subject = LogFields.of(LogKey.RELEASE, task.release()).and(LogKey.UID, task.releaseUid());
  }

  public void asks(SourceUrl url) {
    log.info(LogEvent.FetchBegan, subject.and(LogKey.URL, url));
  }

  /** That URL did not give the content, and is not the last one. */
  void nextMirror(SourceUrl url, SourceException e) {
    log.warn(
        LogEvent.MirrorTried,
        LogEvent.MirrorTried.message() + ": " + e.getMessage(),
        subject.and(LogKey.URL, url).and(LogKey.REASON, e.reason()));
  }

  public void failed(SourceException e, Duration pause) {
    log.warn(
        LogEvent.FetchFailed,
        "%s; the next attempt is in %d s".formatted(e.getMessage(), pause.toSeconds()),
        subject.and(LogKey.REASON, e.reason()),
        e.reason() == Reason.SeederFailed ? e.getCause() : null);
  }

  /**
   * @param bytes read over the network by this attempt
   */
  public void fetched(long bytes, Duration took) {
    log.info(
        LogEvent.FetchEnded,
        subject.and(LogKey.BYTES, bytes).and(LogKey.SECONDS, took.toSeconds()));
  }

  public void published(Content content) {
    log.info(
        LogEvent.Published,
        subject.and(LogKey.REVISION, content.revision()).and(LogKey.BYTES, content.sizeBytes()));
  }
}

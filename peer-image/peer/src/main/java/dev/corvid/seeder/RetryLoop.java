package dev.corvid.seeder;

import dev.corvid.seeder.error.DefectException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.RetryBackoff;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.fetch.Sleeper;
import dev.corvid.wire.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Tries until it is done. No trouble with a source is final: passwords are corrected, servers come
 * back, files are replaced; meanwhile the status names what is wrong. A source that sends the wrong
 * bytes is asked less often than one that sends none, because asking costs it the whole transfer;
 * one that says when it wants to be asked again is not asked before.
 */
final class RetryLoop {
  private static final Duration FIRST_UNREACHABLE = Duration.ofSeconds(1);
  private static final Duration FIRST_REFUSED = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final SeederStatus status;
  private final Sleeper sleeper;
  private final SeederLog log;
  private final RetryBackoff unreachable;
  private final RetryBackoff refused;

  /** One attempt. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws SourceException, InterruptedException;
  }

  RetryLoop(SeederStatus status, Sleeper sleeper, SeederLog log, RandomGenerator random) {
    this.status = status;
    this.sleeper = sleeper;
    this.log = log;
    this.unreachable = new RetryBackoff(FIRST_UNREACHABLE, LONGEST, random);
    this.refused = new RetryBackoff(FIRST_REFUSED, LONGEST, random);
  }

  /**
   * @throws InterruptedException when the seeder is to stop
   */
  <T> T untilDone(Attempt<T> attempt) throws InterruptedException {
    while (true) {
      try {
        return attempt.make();
      } catch (SourceException e) {
        failed(e);
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        failed(new DefectException(e));
      }
    }
  }

  private void failed(SourceException e) throws InterruptedException {
    var wait = wait(e);
    log.failed(e, wait);
    status.failed(e);
    sleeper.sleep(wait);
  }

  private Duration wait(SourceException e) {
    var own = backoff(e.reason()).next();
    return e instanceof RetryAfterException busy && busy.retryAfter().compareTo(own) > 0
        ? busy.retryAfter()
        : own;
  }

  private RetryBackoff backoff(Reason reason) {
    return switch (reason) {
      case SourceUnreachable, SourceAuthFailed -> unreachable;
      default -> refused;
    };
  }
}

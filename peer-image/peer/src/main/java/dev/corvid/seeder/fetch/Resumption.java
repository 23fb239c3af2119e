package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.NotResumableException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;

/** How a transfer is continued by another answer, after growing pauses. Confined to one thread. */
final class Resumption {
  /** In a row that bring next to nothing. */
  private static final int MAX_FRUITLESS = 5;

  /**
   * Less than so much, and than such a part of what is left, is next to nothing: at a byte for each
   * answer a source would never end.
   */
  private static final int FRUITFUL_BYTES = 1 << 16;

  private static final int FRUITFUL_PART = 64;

  private final MirroredSource source;
  private final RetryBackoff backoff;
  private final Sleeper sleeper;
  private int fruitless;
  private long came; // since it broke off

  Resumption(MirroredSource source, RetryBackoff backoff, Sleeper sleeper) {
    this.source = source;
    this.backoff = backoff;
    this.sleeper = sleeper;
  }

  /**
   * @param left bytes that are still to come; negative when unknown
   */
  void came(int count, long left) {
    came += count;
    if (came >= (left < 0 ? FRUITFUL_BYTES : Math.min(FRUITFUL_BYTES, left / FRUITFUL_PART))) {
      fruitless = 0;
      backoff.reset();
    }
  }

  /** What nothing has broken off: without a pause at first. */
  SourceResponse now(SourceResponse before, long position, boolean alone)
      throws SourceException, InterruptedIOException {
    try {
      return source.resume(before, position, alone);
    } catch (RestartException | RetryAfterException e) {
      throw e;
    } catch (SourceException e) {
      return after(e, before, position, alone);
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  /**
   * @param broken how it broke off
   * @param before the answer that did
   * @param position to continue from
   * @param alone whether only the same URL may do so, with the same version
   */
  SourceResponse after(IOException broken, SourceResponse before, long position, boolean alone)
      throws SourceException, InterruptedIOException {
    var last =
        new SourceException(
            Reason.SourceUnreachable,
            "%s broke off after %,d%s bytes: %s"
                .formatted(
                    before.url(),
                    position,
                    before.total() < 0 ? "" : " of %,d".formatted(before.total()),
                    broken instanceof SourceException known
                        ? inShort(known, before, "it ")
                        : SourceResponse.words(broken)),
            broken);
    var first = last.getMessage();
    came = 0;
    try {
      while (fruitless++ < MAX_FRUITLESS) {
        sleeper.sleep(backoff.next());
        try {
          return source.resume(before, position, alone);
        } catch (RestartException e) {
          throw e;
        } catch (RetryAfterException e) {
          throw new RetryAfterException(first + "; " + e.getMessage(), e.retryAfter());
        } catch (SourceException e) {
          last = new SourceException(e.reason(), first + "; " + inShort(e, before, "then it "), e);
          if (e instanceof NotResumableException) {
            throw last;
          }
        }
      }
    } catch (InterruptedException e) {
      throw stopped();
    }
    throw last;
  }

  static InterruptedIOException stopped() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the seeder stops");
  }

  /** The URL stands in the message already. */
  private static String inShort(SourceException e, SourceResponse before, String subject) {
    var url = before.url() + " ";
    return e.getMessage().startsWith(url)
        ? subject + e.getMessage().substring(url.length())
        : e.getMessage();
  }
}

package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RangeRefusedException;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One further connection: it asks one URL for a range, and when it has come, for another one. What
 * breaks off is asked for again after a pause; any other failure ends the connection.
 */
final class RangeWorker {
  /** In a row, without a range that came whole. */
  private static final int MOST_BREAKS = 3;

  /** A source that limits its answers has no end of them. */
  private static final int MOST_SHORT_ANSWERS = 2;

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int BUFFER = 1 << 16;

  /** How a request for a range failed. */
  sealed interface Outcome {
    IOException why();

    /** An accident of the network, unlike an answer. */
    record Break(IOException why) implements Outcome {}

    /** An answer without a range: any status but 206. */
    record Refused(SourceException why) implements Outcome {}

    /** A range that differs from what was asked for, or one of another version. */
    record OtherBytes(SourceException why) implements Outcome {}

    /** More bytes than the answer says, so that none of it can be trusted. */
    record TooLong(RestartException why) implements Outcome {}

    static Outcome of(IOException e) {
      return switch (e) {
        case RestartException longer -> new TooLong(longer);
        case RetryAfterException busy -> new Refused(busy);
        case RangeRefusedException refused -> new Refused(refused);
        case RangeUnavailableException other -> new OtherBytes(other);
        case SourceException answer when !(answer.getCause() instanceof IOException) ->
            new Refused(answer);
        default -> new Break(e);
      };
    }
  }

  /** The transfer that ranges are for. Thread-safe. */
  interface Ranges {
    /** The next range to request, once there is one; null when this connection has to end. */
    RangePlan.@Nullable Range take(RangeWorker worker) throws InterruptedException;

    /** Where the bytes that are wanted of a range end. */
    long end(RangePlan.Range range);

    /** Whether an answer is still wanted; it may be closed at any time. */
    boolean answered(RangeWorker worker, RangePlan.Range range, SourceResponse answer);

    /**
     * Writes what came.
     *
     * @return whether more of the range is wanted
     */
    boolean keep(RangeWorker worker, RangePlan.Range range, byte[] buffer, int count);

    /** Whether a range that broke off is worth asking for again. */
    boolean asks(RangeWorker worker);

    /** Others have to bring what is left of the range. The connection ends. */
    void failed(RangeWorker worker, RangePlan.Range range, Outcome outcome);

    /** A defect of the seeder itself. */
    void failed(Throwable defect);

    void left(RangeWorker worker);
  }

  private final RangeSource source;
  private final Ranges ranges;
  private final Sleeper sleeper;
  private final LongSupplier clock;
  private final Thread thread = Thread.ofVirtual().name("source-range").unstarted(this::run);
  private final byte[] buffer = new byte[BUFFER];
  private volatile @Nullable SourceResponse answer; // null while none is read
  private volatile long asked;
  private volatile long askedFrom;
  private int breaks;
  private int shortAnswers;

  RangeWorker(RangeSource source, Ranges ranges, Sleeper sleeper, LongSupplier clock) {
    this.source = source;
    this.ranges = ranges;
    this.sleeper = sleeper;
    this.clock = clock;
  }

  RangeSource source() {
    return source;
  }

  /** When it asked last, by the clock. */
  long asked() {
    return asked;
  }

  /** The first byte that it asked for last. */
  long askedFrom() {
    return askedFrom;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (var range = ranges.take(this); range != null; range = ranges.take(this)) {
        fetch(range);
      }
    } catch (InterruptedException e) {
      // Nobody reads on.
    } catch (RuntimeException | Error e) {
      ranges.failed(e);
    } finally {
      ranges.left(this);
    }
  }

  private void fetch(RangePlan.Range range) throws InterruptedException {
    for (long end = ranges.end(range); range.claimed() < end; end = ranges.end(range)) {
      try {
        ask(range, end);
        breaks = 0;
      } catch (IOException e) {
        var outcome = Outcome.of(e);
        boolean ownEnd = outcome instanceof Outcome.Break && range.claimed() >= ranges.end(range);
        if (!ownEnd) { // an answer says something of the source even when others have its bytes
          failed(range, outcome);
        }
      } finally {
        answer = null;
      }
    }
  }

  private void ask(RangePlan.Range range, long end) throws IOException, InterruptedException {
    asked = clock.getAsLong();
    askedFrom = range.claimed();
    try (var received = source.ask(range.claimed(), end)) {
      answer = received;
      if (!ranges.answered(this, range, received)) {
        return;
      }
      receive(range, received);
      if (received.end() < end && ++shortAnswers == MOST_SHORT_ANSWERS) {
        throw new RangeUnavailableException(
            source.url() + " answers with less than the range that was asked for");
      }
    }
  }

  private void receive(RangePlan.Range range, SourceResponse received) throws IOException {
    var body = received.body();
    for (long left; (left = received.end() - range.claimed()) > 0; ) {
      int count = body.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException("the answer ended before its range did");
      }
      if (count == left) {
        requireEnd(received); // before its last bytes count
      }
      if (!ranges.keep(this, range, buffer, count)) {
        return;
      }
    }
  }

  /** Reads to the end, also so that the connection serves again. */
  private void requireEnd(SourceResponse received) throws RestartException {
    int more;
    try {
      more = received.body().read(new byte[1], 0, 1);
    } catch (RestartException e) {
      throw e;
    } catch (IOException e) {
      return; // the range is whole
    }
    if (more >= 0) {
      throw new RestartException(source.url() + " sends more than the range that it says");
    }
  }

  private void failed(RangePlan.Range range, Outcome outcome) throws InterruptedException {
    boolean broken = outcome instanceof Outcome.Break;
    if (broken && ++breaks < MOST_BREAKS && ranges.asks(this)) {
      sleeper.sleep(PAUSE.multipliedBy(breaks));
    } else {
      ranges.failed(this, range, outcome);
    }
  }

  /** Ends the answer that is read; what was claimed of it is still written. */
  void abandon() {
    var read = answer;
    if (read != null) {
      read.closeQuietly();
    }
  }

  /** Ends whatever is under way. */
  void stop() {
    abandon();
    thread.interrupt();
  }
}

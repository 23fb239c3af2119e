package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much was read from the source, and what is waited for; written by the fetch, read by reports
 * and metrics. Thread-safe.
 */
public final class FetchProgress {
  /** A source that answers within that time is not worth a word. */
  private static final Duration SLOW_START = Duration.ofSeconds(2);

  /** A pause of a transfer that is. */
  private static final Duration LONG_PAUSE = Duration.ofSeconds(10);

  private final InstantSource wall;
  private final Supplier<Uptime> clock;
  private final StartTimes start;
  private final LongAdder bytes = new LongAdder();
  private volatile long total;
  private volatile Duration took = Duration.ZERO;
  private final LongAdder nanos = new LongAdder();
  private volatile @Nullable Request request;
  private volatile boolean hashing;
  private volatile Runnable onFirstByte = () -> {};

  /** The request whose answer is awaited, or read. */
  private static final class Request {
    final String url;
    final Moment at;
    volatile @Nullable Moment lastRead;

    public Request(String url, Moment at) {
      this.url = url;
      this.at = at;
    }
  }

  /**
   * @param wall to be told
   * @param uptime to be compared
   */
  private record Moment(Instant wall, Uptime uptime) {}

  public FetchProgress() {
    this(InstantSource.system(), Uptime::now);
  }

  public FetchProgress(InstantSource wall, Supplier<Uptime> clock) {
    this(wall, clock, new StartTimes(System::nanoTime, Duration.ZERO, line -> {}));
  }

  private FetchProgress(InstantSource wall, Supplier<Uptime> clock, StartTimes start) {
    this.wall = wall;
    this.clock = clock;
    this.start = start;
  }

  /**
   * @param start which hears how far the first request has come
   */
  public FetchProgress(StartTimes start) {
    this(InstantSource.system(), Uptime::now, start);
  }

  /** A stage before the first byte is over. */
  public void ended(StartTimes.Stage stage) {
    start.ended(stage);
  }

  private Moment now() {
    return new Moment(wall.instant(), clock.get());
  }

  /** Runs at the first byte of an answer. */
  public void onFirstByte(Runnable listener) {
    onFirstByte = listener;
  }

  /** A URL is asked for bytes. */
  public void asks(SourceUrl url) {
    hashing = false;
    request = new Request(url.toString(), now());
  }

  public void read(long count) {
    bytes.add(count);
    var asked = request;
    if (asked == null) {
      return;
    }
    boolean first = asked.lastRead == null;
    asked.lastRead = now();
    if (first) {
      start.ended(StartTimes.Stage.FIRST_BYTE);
      onFirstByte.run();
    }
  }

  /** All of the source is here; what is left to do takes the disk and the processor. */
  public void hashing() {
    request = null;
    hashing = true;
  }

  public void total(long bytes) {
    total = Math.max(bytes, 0);
  }

  /** Bytes read over the network, those of retries included. */
  public long bytes() {
    return bytes.sum();
  }

  /** What takes the time that a fetch takes. */
  @FunctionalInterface
  public interface Timed<T> {
    T run() throws SourceException, InterruptedException;
  }

  /** Measures how long a fetch takes, successful or not. */
  public <T> T timed(Timed<T> fetch) throws SourceException, InterruptedException {
    long began = System.nanoTime();
    try {
      return fetch.run();
    } finally {
      took = Duration.ofNanos(System.nanoTime() - began);
      nanos.add(took.toNanos());
    }
  }

  /** How long the last fetch took. */
  public Duration took() {
    return took;
  }

  /** How long all fetches of the source have taken together, those that failed included. */
  public double seconds() {
    return nanos.sum() / 1e9;
  }

  /** Bytes of the source; 0 while unknown. */
  public long total() {
    return total;
  }

  /**
   * What the fetch waits for, if it has waited for long. It names a time and no duration, so that
   * the words stay the same while nothing happens.
   */
  public Optional<String> waitsFor() {
    var asked = request;
    if (asked == null) {
      return hashing
          ? Optional.of("all of the source is here, and is being hashed")
          : Optional.empty();
    }
    var last = asked.lastRead;
    boolean begun = last != null;
    var since = last == null ? asked.at : last;
    if (clock.get().isBefore(since.uptime().plus(begun ? LONG_PAUSE : SLOW_START))) {
      return Optional.empty();
    }
    return Optional.of(
        "%s %s since %s"
            .formatted(
                begun ? "waiting for the next byte of" : "waiting for the first byte of",
                asked.url,
                since.wall().truncatedTo(ChronoUnit.SECONDS)));
  }
}

package dev.corvid.e2e.release;

import dev.corvid.e2e.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When what happened to one release, each moment as it was seen first. Thread-safe. */
public final class Timeline {
  /** The moments, in the order in which they come. */
  public enum Moment {
    APPLIED("kubectl apply"),
    SOURCE("first byte from the source"),
    PUBLISHED("revision published"),
    PEER("first byte on a peer"),
    VERIFIED("last node has verified"),
    READY("Ready");

    private final String text;

    Moment(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Map<Moment, Instant> moments = new EnumMap<>(Moment.class);

  /** The first time counts. */
  public synchronized Timeline saw(Moment moment, Instant time) {
    moments.merge(moment, time, (known, other) -> known.isBefore(other) ? known : other);
    return this;
  }

  public synchronized boolean has(Moment moment) {
    return moments.containsKey(moment);
  }

  /** Between two moments; empty when one was not seen. */
  public synchronized Optional<Duration> between(Moment from, Moment to) {
    return moments.containsKey(from) && moments.containsKey(to)
        ? Optional.of(Duration.between(moments.get(from), moments.get(to)))
        : Optional.empty();
  }

  /** Seconds, for a person; a dash for what was not seen. */
  public synchronized String sinceStart(Instant time) {
    return time == null ? "-" : seconds(moments.get(Moment.APPLIED), time);
  }

  /** A line for each moment: seconds since the start, and since the moment before. */
  public synchronized List<String> lines() {
    var table = new Table("", "at", "after");
    Instant start = moments.get(Moment.APPLIED);
    Instant before = start;
    for (var moment : moments.entrySet()) {
      table.row(
          moment.getKey(), seconds(start, moment.getValue()), seconds(before, moment.getValue()));
      before = moment.getValue();
    }
    return table.lines();
  }

  private static String seconds(Instant from, Instant to) {
    return "%.1f s".formatted(Duration.between(from, to).toMillis() / 1000.0);
  }
}

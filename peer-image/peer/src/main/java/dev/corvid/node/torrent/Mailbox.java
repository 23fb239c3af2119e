package dev.corvid.node.torrent;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What an agent waits for: messages of others, and its own alarms. Anybody may {@link #send}; the
 * rest is for the one thread that owns it.
 */
public final class Mailbox {
  private final LinkedBlockingQueue<Event> messages = new LinkedBlockingQueue<>();
  private final Map<Event.Alarm, Long> alarms = new EnumMap<>(Event.Alarm.class);
  private final LongSupplier nanoTime;

  public Mailbox(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  public void send(Event event) {
    messages.add(event);
  }

  /** Whether a message of that kind waits: long work may stop to look at it. */
  public boolean has(Predicate<Event> kind) {
    return messages.stream().anyMatch(kind);
  }

  /** Sets an alarm, in the place of the one that was set. */
  public void wakeAfter(Event.Alarm alarm, Duration pause) {
    alarms.put(alarm, nanoTime.getAsLong() + pause.toNanos());
  }

  public void cancel(Event.Alarm alarm) {
    alarms.remove(alarm);
  }

  /** Waits for the next message or alarm; an alarm goes off once. */
  public Event next() throws InterruptedException {
    Optional<Event> due = due();
    while (due.isEmpty()) {
      OptionalLong left = untilAlarm();
      Event message =
          left.isEmpty() ? messages.take() : messages.poll(left.getAsLong(), TimeUnit.NANOSECONDS);
      due = message == null ? due() : Optional.of(message);
    }
    return due.get();
  }

  /** The first message, or else an alarm whose time has come; does not wait. */
  public Optional<Event> due() {
    Event message = messages.poll();
    if (message != null) {
      return Optional.of(message);
    }
    Optional<Event.Alarm> alarm = first().filter(each -> left(each) <= 0);
    alarm.ifPresent(alarms::remove);
    return alarm.map(each -> each);
  }

  /** Nanoseconds until the first alarm, not above 0 if it is due; empty if none is set. */
  public OptionalLong untilAlarm() {
    Optional<Event.Alarm> first = first();
    return first.isEmpty() ? OptionalLong.empty() : OptionalLong.of(left(first.get()));
  }

  private Optional<Event.Alarm> first() {
    return alarms.keySet().stream().min(Comparator.comparingLong(this::left));
  }

  private long left(Event.Alarm alarm) {
    return requireNonNull(alarms.get(alarm), "it is set") - nanoTime.getAsLong();
  }
}

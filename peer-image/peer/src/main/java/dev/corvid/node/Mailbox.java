package dev.corvid.node;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What an agent waits for: messages of others, and its own alarms. Anybody may {@link #send}; the
 * rest is for the one thread that owns it.
 */
final class Mailbox {
  private final LinkedBlockingQueue<Event> messages = new LinkedBlockingQueue<>();
  private final Map<Event.Alarm, Long> alarms = new EnumMap<>(Event.Alarm.class);

  void send(Event event) {
    messages.add(event);
  }

  /** Whether a message waits: long work may stop to look at it. */
  boolean hasMessage() {
    return !messages.isEmpty();
  }

  /** Whether a message of that kind waits. */
  boolean has(Predicate<Event> kind) {
    return messages.stream().anyMatch(kind);
  }

  /** Sets an alarm anew. */
  void wakeAfter(Event.Alarm alarm, Duration pause) {
    alarms.put(alarm, System.nanoTime() + pause.toNanos());
  }

  void cancel(Event.Alarm alarm) {
    alarms.remove(alarm);
  }

  /** Waits for the next message or alarm; an alarm goes off once. */
  Event next() throws InterruptedException {
    Optional<Map.Entry<Event.Alarm, Long>> first =
        alarms.entrySet().stream()
            .min((one, other) -> Long.signum(one.getValue() - other.getValue()));
    if (first.isEmpty()) {
      return messages.take();
    }
    Event.Alarm alarm = first.get().getKey();
    long left = first.get().getValue() - System.nanoTime();
    Event message = left > 0 ? messages.poll(left, TimeUnit.NANOSECONDS) : messages.poll();
    if (message != null) {
      return message;
    }
    alarms.remove(alarm);
    return alarm;
  }
}

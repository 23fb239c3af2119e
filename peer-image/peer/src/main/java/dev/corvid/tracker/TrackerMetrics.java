package dev.corvid.tracker;

import static java.util.Objects.requireNonNull;

import dev.corvid.tracker.fleet.FleetState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What a tracker counts. */
final class TrackerMetrics {
  private static final String PEERS =
      "Peers: speaking, heard from within the last minute; silent, within the last hour but not"
          + " the last minute";

  private final Map<RejectionKind, Counter> refused = new EnumMap<>(RejectionKind.class);
  private final MeterRegistry meters;

  TrackerMetrics(MeterRegistry meters, LongPollHub hub) {
    this.meters = meters;
    for (RejectionKind kind : RejectionKind.values()) {
      refused.put(
          kind,
          Counter.builder("corvid.tracker.refused")
              .description("Messages refused, by kind; none of them changed anything")
              .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
              .register(meters));
    }
    // A family has one description.
    Gauge.builder("corvid.tracker.peers", () -> hub.figure(FleetState::speaking))
        .description(PEERS)
        .tag("state", "speaking")
        .register(meters);
    Gauge.builder("corvid.tracker.peers", () -> hub.figure(FleetState::silent))
        .description(PEERS)
        .tag("state", "silent")
        .register(meters);
    Gauge.builder("corvid.tracker.releases", () -> hub.figure(FleetState::releases))
        .description("Releases that the operator pushed")
        .register(meters);
    Gauge.builder("corvid.tracker.complete", () -> hub.figure(s -> s.isComplete() ? 1 : 0))
        .description("1 when the operator has pushed its whole state since the tracker started")
        .register(meters);
    Gauge.builder("corvid.tracker.waiting", hub::parked)
        .description("Peers with a pending long poll")
        .register(meters);
  }

  void refused(RejectionKind kind) {
    requireNonNull(refused.get(kind), "each kind has a counter").increment();
  }

  /**
   * @param bytes of the message
   */
  void received(String message, long bytes) {
    Counter.builder("corvid.tracker.messages")
        .description("Messages of peers, seeders and the operator, by kind, refused ones included")
        .tag("kind", message)
        .register(meters)
        .increment();
    count(message, "received", bytes);
  }

  /**
   * @param bytes of the answer
   */
  void sent(String message, long bytes) {
    count(message, "sent", bytes);
  }

  private void count(String message, String direction, long bytes) {
    Counter.builder("corvid.tracker.bytes")
        .description("Bytes of messages and of the answers to them, by kind and direction")
        .tag("kind", message)
        .tag("direction", direction)
        .register(meters)
        .increment(bytes);
  }
}

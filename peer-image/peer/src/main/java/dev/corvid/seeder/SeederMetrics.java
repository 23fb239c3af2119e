package dev.corvid.seeder;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.fetch.FetchProgress;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What a seeder tells Prometheus. */
final class SeederMetrics {
  private SeederMetrics() {}

  static void register(
      MeterRegistry meters, SeederStatus status, FetchProgress progress, Swarm swarm) {
    FunctionCounter.builder("corvid.seeder.origin.bytes", progress, FetchProgress::bytes)
        .description("Bytes read from the source, retries included")
        .register(meters);
    FunctionCounter.builder("corvid.seeder.fetch.seconds", progress, FetchProgress::seconds)
        .description("Seconds that fetching the source took, attempts that failed included")
        .register(meters);
    Gauge.builder("corvid.seeder.origin.size.bytes", progress, FetchProgress::total)
        .description("Bytes of the source; 0 while unknown")
        .register(meters);
    FunctionCounter.builder("corvid.seeder.uploaded.bytes", status, SeederStatus::uploaded)
        .description("Payload sent to peers")
        .register(meters);
    for (var kind : RejectReason.values()) {
      FunctionCounter.builder("corvid.seeder.connections.refused", swarm, s -> s.refused(kind))
          .description("Connections rejected or closed for misbehavior, by kind")
          .tag("kind", kind.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    Gauge.builder("corvid.seeder.seeding", status, s -> is(s, SeederState.Seeding.class))
        .description("1 while the revision is served")
        .register(meters);
    Gauge.builder("corvid.seeder.published.timestamp.seconds", status, SeederMetrics::published)
        .description("When the revision was published, in seconds since 1970; 0 before")
        .register(meters);
    Gauge.builder("corvid.seeder.failed", status, s -> is(s, SeederState.Failed.class))
        .description("1 while the last attempt at the source has failed")
        .register(meters);
  }

  static void register(MeterRegistry meters, SeederRateLimits rateLimits) {
    Gauge.builder("corvid.seeder.origin.limit", rateLimits, p -> p.inForce().origin())
        .description("Bytes per second that may be read from the source; 0 for no limit")
        .baseUnit("bytes_per_second")
        .register(meters);
    Gauge.builder("corvid.seeder.upload.limit", rateLimits, p -> p.inForce().upload())
        .description("Bytes per second that may be sent to peers; 0 for no limit")
        .baseUnit("bytes_per_second")
        .register(meters);
  }

  private static double published(SeederStatus status) {
    return status.publishedAt().map(at -> at.toEpochMilli() / 1e3).orElse(0.0);
  }

  private static double is(SeederStatus status, Class<? extends SeederState> state) {
    return state.isInstance(status.state()) ? 1 : 0;
  }
}

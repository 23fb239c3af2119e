package dev.corvid.operator;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** Describes the meters of libraries that leave it to the reader to guess. */
@Singleton
class MeterDescriptions {
  private static final Map<String, String> BY_NAME =
      Map.of(
          "custom_resources", "SwarmReleases in the cache of the controller",
          "events.received", "Events that may be a reason to reconcile, by source and action",
          "reconciliations.active", "Reconciliations that run",
          "reconciliations.queue", "SwarmReleases that wait to be reconciled",
          "reconciliations.started.total", "Reconciliations that were begun",
          "reconciliations.success.total", "Reconciliations that ended without an exception",
          "reconciliations.failure.total", "Reconciliations that ended with an exception",
          "reconciliations.retries.total", "Reconciliations that repeat one that failed",
          "reconciliations.execution.duration", "How long reconciliations took",
          "http.server.active.requests", "HTTP requests that are being answered");

  @Produces
  @Singleton
  MeterFilter descriptions() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getDescription() == null || id.getDescription().isBlank()
            ? new Meter.Id(
                id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text(id), id.getType())
            : id;
      }
    };
  }

  private static String text(Meter.Id id) {
    return BY_NAME.getOrDefault(id.getName(), "Of a library that does not describe it");
  }
}

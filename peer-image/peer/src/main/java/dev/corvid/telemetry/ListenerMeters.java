package dev.corvid.telemetry;

import dev.corvid.http.CloseReason;
import dev.corvid.http.Listener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What a role's HTTP listener tells Prometheus. */
public final class ListenerMeters {
  private ListenerMeters() {}

  /**
   * @param name of the listener among those of the role
   */
  public static void register(MeterRegistry meters, String name, Listener listener) {
    for (var reason : CloseReason.values()) {
      FunctionCounter.builder(
              "corvid.http.connections.refused", listener, some -> some.closed(reason))
          .description("HTTP connections rejected or closed for misbehavior, by kind")
          .tag("listener", name)
          .tag("kind", reason.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }
}

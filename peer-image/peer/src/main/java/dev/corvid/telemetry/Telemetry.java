package dev.corvid.telemetry;

import dev.corvid.http.ConnectionLimits;
import dev.corvid.http.Listener;
import dev.corvid.http.Timeouts;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One role's {@code /livez}, {@code /readyz} and {@code /metrics} (Prometheus text format), with
 * the figures of the JVM registered. The kubelet ends a container whose probes are not answered, so
 * nobody can keep the port busy: a request is a connection, and a new one is always let in.
 * Thread-safe.
 */
public final class Telemetry implements AutoCloseable {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final int MAX_HEADER = 8 << 10;
  private static final int CONNECTIONS = 64;

  /** As many as the kubelet and one Prometheus have at once. */
  private static final int PER_ADDRESS = 4;

  private final PrometheusMeterRegistry registry;
  private final Scrape scrape;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Listener listener;

  private Telemetry(InetSocketAddress listen, Health health, Timeouts timeouts) throws IOException {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    scrape = new Scrape(() -> registry.scrape(FORMAT), System::nanoTime);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    var server =
        WebServer.builder()
            .maxPayloadSize(0)
            .shutdownGracePeriod(Duration.ofMillis(200))
            .routing(
                routing ->
                    routing
                        .addFilter(
                            (chain, _, response) -> {
                              response.header(HeaderValues.CONNECTION_CLOSE);
                              chain.proceed();
                            })
                        .get("/livez", (request, response) -> answer(response, health.dead()))
                        .get("/readyz", (request, response) -> answer(response, health.notReady()))
                        .get("/metrics", (request, response) -> metrics(response)));
    listener =
        Listener.start(
            server,
            Http1Config.builder().maxHeadersSize(MAX_HEADER),
            ConnectionLimits.anonymous(CONNECTIONS, PER_ADDRESS, timeouts),
            listen);
    ListenerMeters.register(registry, "telemetry", listener);
  }

  /**
   * Listens and answers at once.
   *
   * @param listen port 0 lets the kernel choose
   * @throws IOException if the address cannot be bound
   */
  public static Telemetry open(InetSocketAddress listen, Health health) throws IOException {
    return open(listen, health, Timeouts.defaults());
  }

  static Telemetry open(InetSocketAddress listen, Health health, Timeouts timeouts)
      throws IOException {
    return new Telemetry(listen, health, timeouts);
  }

  /** Where the role registers its own meters. */
  public MeterRegistry meters() {
    return registry;
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
    collections.close();
    registry.close();
  }

  private void metrics(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, FORMAT).send(scrape.text());
  }

  private static void answer(ServerResponse response, Optional<String> trouble) {
    response
        .status(trouble.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
        .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .send(trouble.orElse("ok") + "\n");
  }
}

package dev.corvid.tracker;

import dev.corvid.http.ConnectionLimits;
import dev.corvid.http.Listener;
import dev.corvid.telemetry.ListenerMeters;
import dev.corvid.tracker.fleet.FleetState;
import dev.corvid.trust.TokenVerifier;
import dev.corvid.trust.TrustFile;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A tracker instance of a cluster, listening. It remembers nothing of an earlier one. */
public final class ClusterTracker implements AutoCloseable {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int MAX_HEADER = 16 << 10;

  /** Of the heap, for large messages while they are read; as objects they take several times it. */
  private static final int BODIES_SHARE = 16;

  private final LongPollHub hub;
  private final Listener listener;
  private final TrustFile trust;

  private ClusterTracker(
      InetSocketAddress listen,
      TrustFile trust,
      MeterRegistry meters,
      Duration window,
      ConnectionLimits limits)
      throws IOException {
    this.trust = trust;
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    hub = new LongPollHub(new FleetState(newInstance(), random), System::nanoTime, random, window);
    var api =
        new TrackerApi(
            hub,
            new Authorizer(trust, new TokenVerifier(trust, InstantSource.system())),
            new TrackerMetrics(meters, hub),
            new LargeBodies(Runtime.getRuntime().maxMemory() / BODIES_SHARE));
    var server =
        WebServer.builder()
            // Each of thousands of waiting connections keeps one.
            .writeBufferSize(1024)
            .maxPayloadSize(TrackerApi.MAX_PUSH)
            .contentEncoding(
                codings ->
                    codings
                        .contentEncodingsDiscoverServices(false)
                        .addContentEncoding(new DeflateCoding()))
            .shutdownGracePeriod(Duration.ofSeconds(1))
            .routing(routing -> routing.register("/", api));
    var http = Http1Config.builder().maxHeadersSize(MAX_HEADER);
    listener = Listener.start(server, http, limits, listen);
    ListenerMeters.register(meters, "tracker", listener);
  }

  /**
   * Listens and answers at once.
   *
   * @param listen port 0 lets the kernel choose
   * @throws IOException if the address cannot be bound
   */
  public static ClusterTracker open(InetSocketAddress listen, TrustFile trust, MeterRegistry meters)
      throws IOException {
    return new ClusterTracker(
        listen, trust, meters, WINDOW, TrackerLimits.within(Runtime.getRuntime().maxMemory()));
  }

  static ClusterTracker open(
      InetSocketAddress listen,
      TrustFile trust,
      MeterRegistry meters,
      Duration window,
      ConnectionLimits limits)
      throws IOException {
    return new ClusterTracker(listen, trust, meters, window, limits);
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** What keeps the tracker from its work; empty when it can answer. */
  public Optional<String> notReady() {
    try {
      trust.trust();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("the trust file cannot be read: " + e.getMessage());
    }
  }

  /** Completes all parked polls, then stops. */
  @Override
  public void close() {
    hub.close();
    listener.close();
  }

  private static String newInstance() {
    byte[] name = new byte[8];
    new SecureRandom().nextBytes(name);
    return HexFormat.of().formatHex(name);
  }
}

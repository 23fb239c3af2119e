package dev.corvid.seeder;

import static java.util.Objects.requireNonNullElse;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.fetch.FullFetch;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.fetch.SourceFactory;
import dev.corvid.seeder.fetch.StartTimes;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.source.Resolver;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.telemetry.Health;
import dev.corvid.telemetry.Telemetry;
import dev.corvid.trust.TokenFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** All of a seeder pod put together and running; closing it stops everything. */
final class SeederPod implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SeederPod.class.getName());
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Swarm swarm;
  private final Telemetry telemetry;
  private final SeederTrackerClient tracker;
  private final TrackerReports reports;
  private final SeederStatus status;
  private final SeederRateLimits rateLimits;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;

  /**
   * @throws IOException when an address cannot be bound
   */
  static SeederPod open(SeederOptions options, Resolver resolver, SourceTimeouts timeouts)
      throws IOException {
    var listening = SwarmOptions.listeningOn(options.listen().socketAddress());
    var swarm = Swarm.open(listening.onHost(options.node()));
    try {
      return new SeederPod(options, resolver, timeouts, swarm);
    } catch (IOException | RuntimeException e) {
      swarm.close();
      throw e;
    }
  }

  private SeederPod(SeederOptions options, Resolver resolver, SourceTimeouts timeouts, Swarm swarm)
      throws IOException {
    this.swarm = swarm;
    var task = options.task();
    var random = RandomGenerator.getDefault();
    var bootId = Files.readString(BOOT_ID).strip();
    var start = new StartTimes(System::nanoTime, StartTimes.age(), LOG::info);
    start.ended(StartTimes.Stage.PROCESS);
    var progress = new FetchProgress(start);
    var scratch = new ScratchVolume(options.scratch());
    status = new SeederStatus(swarm.address().getPort(), progress);
    rateLimits = new SeederRateLimits(swarm, task.limits());
    var sources =
        new SourceFactory(
            task,
            options.secret(),
            options.admin(),
            timed(resolver, start),
            timeouts,
            rateLimits.origin());
    tracker = new SeederTrackerClient(URI.create(task.tracker()), new TokenFile(options.token()));
    var context = new SeederContext(task, options.key(), scratch, bootId);
    var piecewise =
        new PiecewiseFetch(
            context,
            sources,
            new PublishedMetainfo(
                tracker, swarm, InetAddress.ofLiteral(options.address()), this::pause, random),
            progress,
            status,
            swarm);
    var fetch = new FullFetch(task, sources, scratch, progress, this::pause, random, bootId);
    var retries = new RetryLoop(status, this::pause, new SeederLog(task), random);
    var seeder = new SeederLifecycle(context, piecewise, fetch, progress, status, retries, swarm);
    telemetry = Telemetry.open(options.http().socketAddress(), Health.ready(status::notReady));
    SeederMetrics.register(telemetry.meters(), status, progress, swarm);
    SeederMetrics.register(telemetry.meters(), rateLimits);
    reports =
        new TrackerReports(tracker, task.releaseUid(), status::report, rateLimits::set, random);
    status.onChange(reports::changed);
    start.ended(StartTimes.Stage.POD);
    thread = Thread.ofVirtual().name("seeder").start(() -> run(seeder));
  }

  private static Resolver timed(Resolver resolver, StartTimes start) {
    return host -> {
      var addresses = resolver.resolve(host);
      start.ended(StartTimes.Stage.RESOLVED);
      return addresses;
    };
  }

  private void run(SeederLifecycle seeder) {
    try {
      seeder.run();
    } catch (InterruptedException e) {
      // Told to stop.
    } catch (Throwable e) {
      ended.completeExceptionally(e);
    } finally {
      ended.complete(null);
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    if (stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the seeder stops");
    }
  }

  SeederRateLimits rateLimits() {
    return rateLimits;
  }

  SeederStatus status() {
    return status;
  }

  InetSocketAddress telemetryAddress() {
    return telemetry.address();
  }

  /**
   * Waits for the end, which comes only by closing or by what a restart of the container must heal.
   *
   * @throws IOException when scratch failed
   */
  void await() throws IOException {
    try {
      ended.join();
    } catch (CompletionException e) {
      var cause = requireNonNullElse(e.getCause(), e);
      throw new IOException("the seeder cannot continue: " + ErrorMessage.of(cause), cause);
    }
  }

  /** Ends {@link #await} soon; to be closed by who waits there. */
  void stop() {
    stopping.countDown();
    thread.interrupt();
  }

  @Override
  public void close() {
    stop();
    ended.exceptionally(e -> null).join();
    reports.close();
    tracker.close();
    telemetry.close();
    swarm.close();
  }
}

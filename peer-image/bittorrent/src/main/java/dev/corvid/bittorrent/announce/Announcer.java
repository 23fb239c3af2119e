package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one torrent known to its trackers: {@code started} first, then at the interval they ask
 * for, {@code completed} once, {@code stopped} when closed. When no tracker answers it tries again
 * with back-off. Thread-safe; the work happens on one virtual thread.
 */
public final class Announcer implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** By up to a tenth longer, as the interval is. */
  private static final Backoff RETRIES =
      Backoff.doubling(Duration.ofSeconds(1), Duration.ofMinutes(5)).jittered(1, 1.1);

  /** Called on the announcer's thread. */
  public interface Listener {
    void found(List<InetSocketAddress> peers);

    /** No tracker could be used; announcing continues. */
    void failed(String trouble, Duration nextTry);
  }

  /** How far the torrent is, in bytes, as trackers want to know it. */
  public record Progress(long uploaded, long downloaded, long left) {}

  /** Who announces which torrent. */
  public record Identity(InfoHash infoHash, PeerId peerId, int port) {}

  private final TrackerClient client;
  private final Trackers trackers;
  private final Identity identity;
  private final Supplier<Progress> progress;
  private final Listener listener;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofVirtual().name("announcer").factory(),
          new ThreadPoolExecutor.DiscardPolicy()); // what comes after close() is late news

  // confined to the timer's thread, and to close() after that has ended
  private AnnounceEvent pending = AnnounceEvent.STARTED;
  private boolean known;
  private int failures;
  private long lastNanos;
  private Duration minInterval = Duration.ZERO;
  private @Nullable Future<?> next;

  /**
   * @param trackers announce URLs in tiers (BEP 12)
   * @throws IllegalArgumentException if one is not a URL
   */
  public Announcer(
      TrackerClient client,
      List<List<String>> trackers,
      Identity identity,
      Supplier<Progress> progress,
      Listener listener,
      RandomGenerator random) {
    this.client = client;
    this.trackers = new Trackers(trackers, random);
    this.identity = identity;
    this.progress = progress;
    this.listener = listener;
    this.random = random;
  }

  public void start() {
    timer.execute(this::announce);
  }

  /** The torrent is complete: sends {@code completed} to the trackers at once. */
  public void completed() {
    timer.execute(
        () -> {
          if (known) {
            pending = AnnounceEvent.COMPLETED;
          }
          announce();
        });
  }

  /** More peers would be useful: asks as soon as the tracker allows. */
  public void needNeighbours() {
    timer.execute(
        () -> {
          if (failures == 0 && known) {
            var passed = Duration.ofNanos(System.nanoTime() - lastNanos);
            schedule(minInterval.minus(passed));
          }
        });
  }

  /** Says good-bye to the tracker, for two seconds at most. */
  @Override
  public void close() {
    timer.shutdownNow();
    timer.close();
    if (!known) {
      return;
    }
    try {
      trackers.tryEach(
          tracker -> client.announce(tracker, request(AnnounceEvent.STOPPED), FAREWELL));
    } catch (IOException e) {
      // the tracker forgets peers that do not announce
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce() {
    var event = pending;
    try {
      var response = trackers.tryEach(tracker -> client.announce(tracker, request(event), TIMEOUT));
      pending = AnnounceEvent.NONE;
      known = true;
      failures = 0;
      lastNanos = System.nanoTime();
      minInterval = response.minInterval();
      schedule(jittered(response.interval()));
      listener.found(response.peers());
    } catch (IOException e) {
      failures++;
      var retry = RETRIES.after(failures, random);
      schedule(retry);
      listener.failed(ErrorMessage.of(e), retry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing
    }
  }

  private AnnounceRequest request(AnnounceEvent event) {
    var now = progress.get();
    return new AnnounceRequest(
        identity.infoHash,
        identity.peerId,
        identity.port,
        now.uploaded,
        now.downloaded,
        now.left,
        event,
        event == AnnounceEvent.STOPPED ? 0 : AnnounceRequest.DEFAULT_WANTED,
        true);
  }

  private void schedule(Duration delay) {
    if (next != null) {
      next.cancel(false);
    }
    next = timer.schedule(this::announce, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Up to a tenth more, so that peers which started together drift apart. */
  private Duration jittered(Duration delay) {
    return delay.plusMillis(random.nextLong(delay.toMillis() / 10 + 1));
  }
}

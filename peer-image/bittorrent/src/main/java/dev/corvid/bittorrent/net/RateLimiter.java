package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.TokenBucket;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.wire.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one torrent and of the swarm together. Downloads are paced by asking, not by
 * reading, so that messages are never held up; uploads by writing.
 */
public final class RateLimiter {
  /**
   * In seconds: what is asked for and has not come yet is at most this much of a limited download.
   * A peer that was slow and is fast again sends all of it at once.
   */
  private static final double MAX_REQUESTED_SECONDS = 0.1;

  /** Not worth a write of its own. */
  private static final int MIN_WRITE = 16 << 10;

  private final Loop loop;
  private final FairRate.Share swarmDownload;
  private final FairRate.Share swarmUpload;
  private final TokenBucket download;
  private final TokenBucket upload;
  private final Waiting requesters;
  private final Waiting writers;

  public RateLimiter(Loop loop, SwarmContext context, TorrentOptions options) {
    this.loop = loop;
    swarmDownload = context.download().join();
    swarmUpload = context.upload().join();
    download = new TokenBucket(options.downloadLimit(), loop.now());
    upload = new TokenBucket(options.uploadLimit(), loop.now());
    requesters = new Waiting(swarmDownload, download, 1);
    writers = new Waiting(swarmUpload, upload, MIN_WRITE);
  }

  public void set(long downloadLimit, long uploadLimit) {
    download.rate(downloadLimit, loop.now());
    upload.rate(uploadLimit, loop.now());
    retry();
  }

  /** A limit has changed: waiting connections check again. */
  public void retry() {
    requesters.retry();
    writers.retry();
  }

  public boolean mayDownload(long now) {
    return download.available(1, now) > 0 && swarmDownload.available(1, 1, now) > 0;
  }

  public void downloads(long bytes) {
    swarmDownload.take(bytes);
    download.take(bytes);
  }

  /**
   * Bytes of payload that may be written now: {@code wanted}, or less, or 0 if it is not worth a
   * write.
   */
  int uploadAllowance(int wanted, long now) {
    var least = Math.min(wanted, MIN_WRITE);
    var own = upload.available(wanted, now);
    return own < least ? 0 : (int) swarmUpload.available(least, own, now);
  }

  public void uploads(int bytes) {
    swarmUpload.take(bytes);
    upload.take(bytes);
  }

  /** What was asked for will not come. */
  public void returned(long bytes) {
    downloads(-bytes);
  }

  /**
   * Blocks worth at most a sixteenth of a second at the download's limit, or the rate would come in
   * lumps.
   */
  public int largestBlock(int agreed) {
    var most = Math.clamp(downloadRate() / 16, Message.BLOCK, agreed);
    return Integer.highestOneBit(most);
  }

  public boolean isDownloadLimited() {
    return downloadRate() != Long.MAX_VALUE;
  }

  public boolean isUploadLimited() {
    return upload.rate() > 0 || swarmUpload.rate() > 0;
  }

  /**
   * How many bytes one peer may owe before it is asked for more. What a slow one owes is its own
   * part, and keeps nothing from the others.
   *
   * @param peers that owe some
   */
  public long maxRequested(int peers) {
    return Math.max(
        Message.BLOCK, (long) (downloadRate() * MAX_REQUESTED_SECONDS / Math.max(1, peers)));
  }

  /** Of the torrent and of the swarm, the one that is lower. */
  private long downloadRate() {
    return Math.min(limited(download.rate()), limited(swarmDownload.rate()));
  }

  /**
   * Bytes a second in the direction that has less of them, beside other torrents that are busy;
   * infinite if neither is limited.
   *
   * @param complete whether nothing is downloaded
   */
  public double tightest(boolean complete) {
    var up = Math.min(unlessZero(upload.rate()), unlessZero(swarmUpload.part(loop.now())));
    var down = Math.min(unlessZero(download.rate()), unlessZero(swarmDownload.part(loop.now())));
    return complete ? up : Math.min(up, down);
  }

  private static double unlessZero(double rate) {
    return rate == 0 ? Double.POSITIVE_INFINITY : rate;
  }

  private static long limited(long rate) {
    return rate == 0 ? Long.MAX_VALUE : rate;
  }

  public void close() {
    swarmDownload.leave();
    swarmUpload.leave();
  }

  public void waitForDownload(PieceSource source) {
    requesters.add(source, source::askAgain);
  }

  /**
   * @param resume runs when payload may be written again
   */
  void waitForUpload(PieceSource peer, Runnable resume) {
    writers.add(peer, resume);
  }

  public void forget(PieceSource source) {
    requesters.remove(source);
    writers.remove(source);
  }

  /** Peers that resume, in the order in which they came, when both buckets have enough. */
  private final class Waiting {
    private final FairRate.Share first;
    private final TokenBucket second;
    private final int enough;
    private final Map<PieceSource, Runnable> waiting = new LinkedHashMap<>();

    /** Null when no reader waits. */
    private Loop.@Nullable Timer timer;

    Waiting(FairRate.Share first, TokenBucket second, int enough) {
      this.first = first;
      this.second = second;
      this.enough = enough;
    }

    void add(PieceSource source, Runnable resume) {
      waiting.put(source, resume);
      if (timer == null) {
        timer =
            loop.after(
                Math.max(first.wait(enough, loop.now()), second.wait(enough, loop.now())),
                this::resume);
      }
    }

    void remove(PieceSource source) {
      waiting.remove(source);
    }

    void retry() {
      if (timer == null) {
        return;
      }
      timer.cancel();
      resume();
    }

    private void resume() {
      timer = null;
      var ready = List.copyOf(waiting.values());
      waiting.clear();
      ready.forEach(Runnable::run);
    }
  }
}

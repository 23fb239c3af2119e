package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.TokenBucket;
import java.util.ArrayList;
import java.util.List;

/**
 * A rate that the torrents of a swarm share equally, however many connections each has, by
 * start-time fair queueing: usage is tracked per torrent, and one that is ahead yields to one that
 * waits. What a torrent does not use goes to the others and is not saved up. Thread-safe.
 */
public final class FairRate {
  private static final long GRACE = 50_000_000L;
  private static final long IDLE = 250_000_000L;
  private static final int TURN = 16 << 10;

  private final TokenBucket bucket;
  private final List<Share> shares = new ArrayList<>();

  /**
   * @param rate bytes per second, 0 is unlimited
   */
  public FairRate(long rate, long now) {
    bucket = new TokenBucket(rate, now);
  }

  public synchronized void rate(long bytesPerSecond, long now) {
    bucket.rate(bytesPerSecond, now);
    for (var share : shares) {
      share.begin();
    }
  }

  synchronized Share join() {
    var share = new Share();
    shares.add(share);
    return share;
  }

  /** What one torrent has of it. */
  final class Share {
    private long taken;
    private long askedAt = Long.MIN_VALUE;
    private long waitsUntil = Long.MIN_VALUE;

    private Share() {}

    /**
     * As {@link TokenBucket#available}; 0 also if there is less than {@code least}, or if it is
     * another's turn.
     */
    long available(long least, long wanted, long now) {
      synchronized (FairRate.this) {
        if (bucket.rate() == 0) {
          return wanted;
        }
        if (!isBusy(now)) {
          taken = Math.max(taken, level(now));
        }
        askedAt = now;
        var available = bucket.available(wanted, now);
        if (available >= least && isFirst(now)) {
          return available;
        }
        waitsUntil = now + bucket.wait(least, now) + GRACE;
        return 0;
      }
    }

    void take(long bytes) {
      synchronized (FairRate.this) {
        if (bucket.rate() == 0) {
          return;
        }
        bucket.take(bytes);
        // What is returned of what was charged while there was no rate puts nobody ahead.
        taken = Math.max(0, taken + bytes);
        waitsUntil = Long.MIN_VALUE;
      }
    }

    /** As {@link TokenBucket#wait}, or until the turn of another torrent ends, if that is later. */
    long wait(long wanted, long now) {
      synchronized (FairRate.this) {
        var wait = bucket.wait(wanted, now);
        return isFirst(now) ? wait : Math.max(wait, turn());
      }
    }

    /** Bytes per second of all together, 0 is unlimited. */
    long rate() {
      return bucket.rate();
    }

    /** Bytes per second beside those that are busy, 0 is unlimited. */
    double part(long now) {
      synchronized (FairRate.this) {
        var busy = shares.stream().filter(each -> each != this && each.isBusy(now)).count();
        return bucket.rate() / (1.0 + busy);
      }
    }

    /** At a new rate: who still waits asks again, and so waits as long as that one takes. */
    private void begin() {
      taken = 0;
      waitsUntil = Long.MIN_VALUE;
    }

    void leave() {
      synchronized (FairRate.this) {
        shares.remove(this);
      }
    }

    private boolean isFirst(long now) {
      for (var other : shares) {
        if (other != this && other.waits(now) && other.taken < taken) {
          return false;
        }
      }
      return true;
    }

    private boolean waits(long now) {
      return waitsUntil != Long.MIN_VALUE && waitsUntil - now > 0;
    }

    private boolean isBusy(long now) {
      return askedAt != Long.MIN_VALUE && now - askedAt < IDLE;
    }

    /** Where one begins that was idle: beside the busy one that took least, or last of all. */
    private long level(long now) {
      var least = Long.MAX_VALUE;
      var most = 0L;
      for (var other : shares) {
        if (other == this) {
          continue;
        }
        if (other.isBusy(now)) {
          least = Math.min(least, other.taken);
        }
        most = Math.max(most, other.taken);
      }
      return least == Long.MAX_VALUE ? most : least;
    }

    private long turn() {
      return Math.max(1_000_000L, TURN * 1_000_000_000L / Math.max(1, bucket.rate()));
    }
  }
}

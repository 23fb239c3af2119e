package dev.corvid.bittorrent.peers;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.Backoff;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Addresses that may be dialled, and when. One that does not answer is retried with exponential
 * back-off and jitter.
 *
 * <pre>
 * idle    -- its time has come --> busy
 * busy    -- unreachable, gone --> idle, after 1/4 s, growing by half up to 60 s
 * </pre>
 *
 * Banned peers are not dialled.
 */
public final class PeerList {
  static final int MOST = 1000;

  /** With growth of 1.5 the last pause is a third of the total wait: a late peer is found soon. */
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(60), 1.5, 0.75, 1.25);

  private static final class Entry {
    boolean busy;
    int failures;
    long notBefore;
  }

  private final RandomGenerator random;
  private final Map<InetSocketAddress, Entry> entries = new HashMap<>();
  private final Map<InetAddress, Integer> hosts = new HashMap<>();
  private final BanList bans = new BanList();

  public PeerList(RandomGenerator random) {
    this.random = random;
  }

  /** Returns those that were not known. */
  public List<InetSocketAddress> add(Collection<InetSocketAddress> addresses, long now) {
    var added = new ArrayList<InetSocketAddress>();
    for (var address : addresses) {
      if (address.isUnresolved() || address.getPort() == 0 || entries.containsKey(address)) {
        continue;
      }
      if (entries.size() >= MOST && !forgetOne()) {
        break;
      }
      var entry = new Entry();
      entry.notBefore = now;
      entries.put(address, entry);
      hosts.merge(address.getAddress(), 1, Integer::sum);
      added.add(address);
    }
    return added;
  }

  /** Drops the address with the most failures in a row. */
  private boolean forgetOne() {
    var worst =
        entries.entrySet().stream()
            .filter(each -> !each.getValue().busy && each.getValue().failures > 0)
            .max(Comparator.comparingInt(each -> each.getValue().failures));
    worst.ifPresent(
        each -> {
          entries.remove(each.getKey());
          hosts.computeIfPresent(
              each.getKey().getAddress(), (_, count) -> count == 1 ? null : count - 1);
        });
    return worst.isPresent();
  }

  /** Whether an address of that host has been named, whatever port a connection comes from. */
  public boolean names(InetAddress host) {
    return hosts.containsKey(host);
  }

  /**
   * Up to {@code most} addresses whose time has come, in random order; they are busy from now on.
   */
  public List<InetSocketAddress> take(int most, long now) {
    var ready = new ArrayList<InetSocketAddress>();
    entries.forEach(
        (address, entry) -> {
          if (!entry.busy && entry.notBefore - now <= 0 && !isBanned(address, now)) {
            ready.add(address);
          }
        });
    for (var i = 0; i < Math.min(most, ready.size()); i++) {
      var j = i + random.nextInt(ready.size() - i);
      var chosen = ready.set(j, ready.get(i));
      ready.set(i, chosen);
      requireNonNull(entries.get(chosen)).busy = true;
    }
    return List.copyOf(ready.subList(0, Math.min(most, ready.size())));
  }

  /** Whether that address may be dialled now; if so it is busy from now on. */
  public boolean take(InetSocketAddress address, long now) {
    var entry = entries.get(address);
    if (entry == null || entry.busy || entry.notBefore - now > 0 || isBanned(address, now)) {
      return false;
    }
    entry.busy = true;
    return true;
  }

  /** Nanoseconds until the next address may be dialled; {@code Long.MAX_VALUE} if there is none. */
  public long untilNext(long now) {
    var least = Long.MAX_VALUE;
    for (var each : entries.entrySet()) {
      var entry = each.getValue();
      if (!entry.busy) {
        least = Math.min(least, Math.max(bans.left(each.getKey(), now), entry.notBefore - now));
      }
    }
    return least;
  }

  public void unreachable(InetSocketAddress address, long now) {
    var entry = entries.get(address);
    if (entry == null) {
      return;
    }
    entry.busy = false;
    entry.failures++;
    entry.notBefore = now + RETRIES.after(entry.failures, random).toNanos();
  }

  /** The connection is gone; if it was of use, it is soon tried again. */
  public void gone(InetSocketAddress address, boolean wasOfUse, long now) {
    var entry = entries.get(address);
    if (entry != null && wasOfUse) {
      entry.failures = 0;
    }
    unreachable(address, now);
  }

  /** Bans one peer, which is known by these addresses. */
  public void ban(Collection<InetSocketAddress> addresses, long now) {
    bans.ban(addresses, now);
  }

  public boolean isBanned(InetSocketAddress address, long now) {
    return bans.isBanned(address, now);
  }
}

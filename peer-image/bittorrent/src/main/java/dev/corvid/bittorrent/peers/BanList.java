package dev.corvid.bittorrent.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Peers that sent bytes that are not in the content, and for how long they are banned. Bits flip in
 * transit, and the sender may be the only source of the rest, so the first ban is short. Each
 * repeat is {@value #GROWTH} times longer: a peer that always corrupts costs one piece an hour.
 * Time is nanoseconds of a clock that only goes forwards; not thread-safe.
 */
final class BanList {
  static final long FIRST = 15_000_000_000L;
  static final long LONGEST = 3_600_000_000_000L;
  static final int MOST = 1000;
  private static final int GROWTH = 4;

  /**
   * @param port 0 for every port: only where many share an address is one of them meant
   */
  private record Offender(InetAddress host, int port) {
    static Offender at(InetSocketAddress address) {
      var host = address.getAddress();
      return new Offender(host, SharedAddress.is(host) ? address.getPort() : 0);
    }
  }

  private record Ban(long since, long length) {
    boolean isOver(long now) {
      return now - since >= length;
    }

    /** So long ago that the next one is a first one again. */
    boolean isForgotten(long now) {
      return now - since >= length + LONGEST;
    }
  }

  private final Map<Offender, Ban> bans = new HashMap<>();

  /** Bans one peer, which is known by these addresses. */
  void ban(Collection<InetSocketAddress> addresses, long now) {
    bans.values().removeIf(ban -> ban.isForgotten(now));
    for (var offender : addresses.stream().map(Offender::at).collect(Collectors.toSet())) {
      var last = bans.get(offender);
      if (last == null) {
        if (bans.size() < MOST) {
          bans.put(offender, new Ban(now, FIRST));
        }
      } else if (last.isOver(now)) {
        bans.put(offender, new Ban(now, Math.min(LONGEST, last.length * GROWTH)));
      } // else these bytes were sent before the ban, and were still being hashed
    }
  }

  boolean isBanned(InetSocketAddress address, long now) {
    return left(address, now) > 0;
  }

  /** Nanoseconds until the ban is over; 0 if there is none. */
  long left(InetSocketAddress address, long now) {
    var ban = bans.get(Offender.at(address));
    return ban == null ? 0 : Math.max(0, ban.length - (now - ban.since));
  }
}

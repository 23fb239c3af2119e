package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.net.Connection;
import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.webseed.WebSeedPeer;
import dev.corvid.bittorrent.wire.Location;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where a torrent's bytes come from, as far as it is counted. Confined to the torrent's loop. */
final class TrafficBySource {
  private final Counters counters;
  private final AtomicReference<String> zone;
  private @Nullable InetSocketAddress seeder;

  /**
   * @param zone of this process; empty when it is not known
   */
  TrafficBySource(
      Counters counters, AtomicReference<String> zone, Optional<InetSocketAddress> seeder) {
    this.counters = counters;
    this.zone = zone;
    this.seeder = seeder.orElse(null);
  }

  void seeder(InetSocketAddress address) {
    seeder = address;
  }

  void received(PieceSource source, int bytes) {
    counters.downloaded.add(bytes);
    switch (source) {
      case Connection connection -> {
        if (isSeeder(connection)) {
          counters.fromSeeder.add(bytes);
        }
        if (isElsewhere(connection)) {
          counters.fromElsewhere.add(bytes);
        }
      }
      case WebSeedPeer _ -> counters.fromWeb.add(bytes);
      default -> {}
    }
  }

  /** Also if none is named. */
  boolean mayBeSeeder(Connection connection) {
    return seeder == null || isSeeder(connection);
  }

  boolean isSeeder(Connection connection) {
    if (seeder == null) {
      return false;
    }
    if (connection.dialled()) {
      return connection.address().equals(seeder);
    }
    return connection.extension().port() == seeder.getPort()
        && connection.address().getAddress().equals(seeder.getAddress());
  }

  /** In another zone, as far as is known. */
  private boolean isElsewhere(Connection connection) {
    return new Location(zone.get(), "").isOtherZone(connection.extension().location());
  }
}

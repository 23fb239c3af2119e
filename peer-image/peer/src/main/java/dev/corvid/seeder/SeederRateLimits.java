package dev.corvid.seeder;

import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.source.OriginRateLimiter;
import dev.corvid.wire.seeder.SeederLimits;
import org.jspecify.annotations.Nullable;

/** How fast this seeder reads and sends: the limits in force, and those that keep to them. */
final class SeederRateLimits {
  private final OriginRateLimiter origin;
  private final Swarm swarm;
  private volatile SeederLimits inForce = SeederLimits.NONE;

  /**
   * @param limits to begin with; null for none
   */
  SeederRateLimits(Swarm swarm, @Nullable SeederLimits limits) {
    this.origin = new OriginRateLimiter(0);
    this.swarm = swarm;
    set(limits == null ? SeederLimits.NONE : limits);
  }

  /** From now on, for transfers that are under way too. */
  synchronized void set(SeederLimits limits) {
    if (!limits.equals(inForce)) {
      origin.set(limits.origin());
      swarm.limits(0, limits.upload());
      inForce = limits;
    }
  }

  SeederLimits inForce() {
    return inForce;
  }

  /** Of reading the source. */
  OriginRateLimiter origin() {
    return origin;
  }
}

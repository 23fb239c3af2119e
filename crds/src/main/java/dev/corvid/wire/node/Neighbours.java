package dev.corvid.wire.node;

import dev.corvid.wire.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fresh sample of one swarm, {@code GET /v1/neighbours/<swarm>}, for peers that hold a grant that
 * names it, and for the seeder whose content the operator accepted in it.
 *
 * @param addresses {@code address:port}, a random sample, the asker left out
 * @param seeder {@code address:port} of the seeder; null when there is none
 */
public record Neighbours(List<String> addresses, @Nullable String seeder) {
  public Neighbours {
    addresses = Require.list(addresses, 256, "addresses");
  }
}

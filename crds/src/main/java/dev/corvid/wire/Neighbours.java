package dev.corvid.wire;

import java.util.List;

/**
 * A fresh sample of the swarm of one info-hash, {@code GET /v1/neighbours/<infoHash>}, for peers
 * that hold a grant of it, and for the seeder of a release that is published or granted with it.
 *
 * @param addresses {@code address:port}, a random sample, the asker left out
 * @param seeder {@code address:port} of the seeder; null when there is none
 */
public record Neighbours(List<String> addresses, String seeder) {
  public Neighbours {
    addresses = Require.list(addresses, 256, "addresses");
  }
}

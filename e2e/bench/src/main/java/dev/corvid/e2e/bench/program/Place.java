package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.bench.network.Namespace;
import java.util.List;
import java.util.Optional;

/**
 * Where a program runs.
 *
 * @param address that it listens on
 * @param neighbour a peer that it is told of, beside what the torrent's tracker says
 */
public record Place(Namespace namespace, String address, Optional<String> neighbour) {
  public static Place in(Namespace namespace) {
    return new Place(namespace, namespace.address(), Optional.empty());
  }

  /** The same, told of a peer. */
  public Place knowing(String neighbour) {
    return new Place(namespace, address, Optional.of(neighbour));
  }

  List<String> running(List<String> words) {
    return namespace.running(words);
  }
}

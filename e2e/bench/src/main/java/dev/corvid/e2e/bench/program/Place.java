package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.bench.network.Namespace;
import java.util.List;
import java.util.Optional;

/**
 * Where a program runs.
 *
 * @param address that it listens on
 * @param port that it listens on
 * @param host the name of its machine, if it is told
 * @param neighbour a peer that it is told of, beside what the torrent's tracker says
 */
public record Place(
    Namespace namespace,
    String address,
    int port,
    Optional<String> host,
    Optional<String> neighbour) {
  public static Place in(Namespace namespace) {
    return new Place(
        namespace, namespace.address(), Client.PORT, Optional.empty(), Optional.empty());
  }

  /** The same, told of a peer. */
  public Place knowing(String neighbour) {
    return new Place(namespace, address, port, host, Optional.of(neighbour));
  }

  /** The same, told the name of its machine. */
  public Place onHost(String name) {
    return new Place(namespace, address, port, Optional.of(name), neighbour);
  }

  /** The same, on another port. */
  public Place at(int port) {
    return new Place(namespace, address, port, host, neighbour);
  }

  List<String> running(List<String> words) {
    return namespace.running(words);
  }
}

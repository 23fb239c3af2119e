package dev.corvid.e2e.release;

import java.util.regex.Pattern;

/**
 * One peer's figures over all its releases, from its metrics. A new release's own are the
 * difference to those before it, when it is the only one that moves.
 *
 * @param fromSeeder bytes received from the seeder
 * @param fromPeers bytes received from other peers
 * @param reused bytes that the node already held
 * @param placed releases whose wanted revision is on disk, verified
 */
public record PeerFigures(long fromSeeder, long fromPeers, long reused, long placed) {
  private static final Pattern SAMPLE =
      Pattern.compile("(corvid_peer_[a-z_]+)\\{([a-z]+)=\"([a-z]+)\"[^}]*}\\s+([0-9.eE+]+)");

  /**
   * @param metrics in the Prometheus text format
   */
  public static PeerFigures parse(String metrics) {
    var figures = new PeerFigures(0, 0, 0, 0);
    for (var line : (Iterable<String>) metrics.lines()::iterator) {
      var sample = SAMPLE.matcher(line);
      if (sample.lookingAt()) {
        figures =
            figures.plus(
                sample.group(1) + " " + sample.group(3),
                (long) Double.parseDouble(sample.group(4)));
      }
    }
    return figures;
  }

  private PeerFigures plus(String series, long value) {
    return switch (series) {
      case "corvid_peer_received_bytes_total seeder" ->
          new PeerFigures(value, fromPeers, reused, placed);
      case "corvid_peer_received_bytes_total peers" ->
          new PeerFigures(fromSeeder, value, reused, placed);
      case "corvid_peer_received_bytes_total node" ->
          new PeerFigures(fromSeeder, fromPeers, value, placed);
      case "corvid_peer_releases verified", "corvid_peer_releases active" ->
          new PeerFigures(fromSeeder, fromPeers, reused, placed + value);
      default -> this;
    };
  }

  public PeerFigures since(PeerFigures before) {
    return new PeerFigures(
        fromSeeder - before.fromSeeder,
        fromPeers - before.fromPeers,
        reused - before.reused,
        placed - before.placed);
  }

  public long received() {
    return fromSeeder + fromPeers;
  }
}

package dev.corvid.e2e.bench.report;

import java.util.List;

/**
 * How the peers of one swarm advanced.
 *
 * @param boundSeconds when all could have been done
 */
public record Progress(
    String row,
    String program,
    int repeat,
    long bytes,
    double boundSeconds,
    List<List<Point>> peers) {

  /** What a peer held, and when. */
  public record Point(double seconds, long bytes) {}

  double lastSecond() {
    return peers.stream()
        .flatMap(List::stream)
        .mapToDouble(Point::seconds)
        .max()
        .orElse(boundSeconds);
  }
}

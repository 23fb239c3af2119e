package dev.corvid.e2e.bench.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What all processors have done since the machine started, in ticks.
 *
 * @param all idle ones included
 */
record Machine(long busy, long all) {
  private static final int IDLE = 3;
  private static final int WAITING = 4;
  private static final int KINDS = 8; // what follows is contained in these

  static Machine now() {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      var fields = lines.findFirst().orElseThrow().replaceFirst("cpu +", "").split(" ");
      var ticks = Arrays.stream(fields).limit(KINDS).mapToLong(Long::parseLong).toArray();
      long all = Arrays.stream(ticks).sum();
      return new Machine(all - ticks[IDLE] - ticks[WAITING], all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The share in use between then and now. */
  double since(Machine then) {
    return (double) (busy - then.busy) / Math.max(1, all - then.all);
  }
}

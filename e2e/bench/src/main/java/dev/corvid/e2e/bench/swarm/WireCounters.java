package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.program.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's counters of a namespace's devices, read through a process inside. */
record WireCounters(Path file) {
  private static final int RECEIVED = 0;
  private static final int SENT = 8;

  static WireCounters seenBy(Running inside) {
    return new WireCounters(Path.of("/proc", Long.toString(inside.pid()), "net/dev"));
  }

  boolean has(String device) {
    try (var lines = Files.lines(file)) {
      return lines.anyMatch(line -> line.strip().startsWith(device + ":"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long received(String device) {
    return field(device, RECEIVED);
  }

  long sent(String device) {
    return field(device, SENT);
  }

  private long field(String device, int index) {
    try (var lines = Files.lines(file)) {
      return lines
          .map(String::strip)
          .filter(line -> line.startsWith(device + ":"))
          .map(line -> line.substring(device.length() + 1).strip().split("\\s+"))
          .mapToLong(fields -> Long.parseLong(fields[index]))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no device " + device));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

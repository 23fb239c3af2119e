package dev.corvid.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that was started, its log, and what it costs. Thread-safe. */
public final class Daemon implements AutoCloseable {
  private final Path log;
  private final Process process;
  private Cost cost = Cost.NOTHING;

  /**
   * @param log of all that it prints; an earlier one is continued
   */
  public Daemon(List<String> words, Map<String, String> environment, Path log) throws IOException {
    this.log = log;
    var builder =
        new ProcessBuilder(words)
            .directory(log.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /**
   * Says where to look when it has ended by itself.
   *
   * @throws IllegalStateException when it has
   */
  public void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "a process ended with " + process.exitValue() + "; its last words are in " + log);
    }
  }

  /** Its processor time until now, and the most memory of its own that was ever seen. */
  public synchronized Cost cost() {
    Cost.of(process.pid()).ifPresent(now -> cost = cost.peakWith(now));
    return cost;
  }

  /** As the kernel does to whoever is out of memory: without a word. */
  public void kill() {
    cost();
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    cost();
    process.toHandle().destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

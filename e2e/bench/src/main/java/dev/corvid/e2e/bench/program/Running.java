package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.Cost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that was started, what it said and when, and what it costs. Thread-safe. */
public final class Running implements AutoCloseable {
  private static final int LINES_KEPT = 30;

  /** A program's progress at a moment of {@link System#nanoTime}. */
  public record Sample(long nanos, long bytes) {}

  private final String name;
  private final Process process;
  private final long startedNanos = System.nanoTime();
  private final CompletableFuture<Long> listening = new CompletableFuture<>();
  private final CompletableFuture<Long> firstPiece = new CompletableFuture<>();
  private final CompletableFuture<Long> complete = new CompletableFuture<>();
  private final List<Sample> progress = new ArrayList<>();
  private final Map<Long, CompletableFuture<Void>> milestones = new TreeMap<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private Cost cost = Cost.NOTHING;

  /**
   * @param name of whom trouble is reported
   */
  public Running(
      String name, List<String> words, Map<String, String> environment, Dialect dialect) {
    this.name = name;
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(() -> listen(dialect));
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public long startedNanos() {
    return startedNanos;
  }

  /** The moment at which it said so; fails when it ends without. */
  public CompletableFuture<Long> listening() {
    return listening;
  }

  public CompletableFuture<Long> firstPiece() {
    return firstPiece;
  }

  public CompletableFuture<Long> complete() {
    return complete;
  }

  public synchronized List<Sample> progress() {
    return List.copyOf(progress);
  }

  /** Reads what it costs now; what was read last stays after its end. */
  public synchronized Cost cost() {
    Cost.of(process.pid()).ifPresent(now -> cost = cost.peakWith(now));
    return cost;
  }

  /** Writes a line to its standard input. */
  public void tell(String line) {
    try {
      var input = process.outputWriter();
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen", e);
    }
  }

  public void signal(String signal) {
    Command.of("kill", "-" + signal, Long.toString(pid())).run();
  }

  /** Ends it as an orchestrator would, and soon by force. */
  @Override
  public void close() {
    cost();
    process.toHandle().destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Dialect dialect) {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        long now = System.nanoTime();
        keep(line);
        dialect.understand(line).ifPresent(event -> happened(event, now));
      }
    } catch (IOException e) {
      keep(e.toString());
    }
    var end = new IllegalStateException(name + " ended: " + last());
    listening.completeExceptionally(end);
    firstPiece.completeExceptionally(end);
    complete.completeExceptionally(end);
  }

  private void happened(Event event, long now) {
    switch (event) {
      case Event.Listening _ -> listening.complete(now);
      case Event.FirstPiece _ -> firstPiece.complete(now);
      case Event.Progress some -> sample(new Sample(now, some.bytes()));
      case Event.Complete _ -> complete.complete(now);
    }
  }

  /** Completes when it holds that many bytes. */
  public synchronized CompletableFuture<Void> reached(long bytes) {
    return milestones.computeIfAbsent(bytes, _ -> new CompletableFuture<>());
  }

  private synchronized void sample(Sample sample) {
    progress.add(sample);
    milestones.forEach(
        (bytes, reached) -> {
          if (sample.bytes() >= bytes) {
            reached.completeAsync(() -> null);
          }
        });
  }

  private synchronized void keep(String line) {
    lastLines.addLast(line);
    if (lastLines.size() > LINES_KEPT) {
      lastLines.removeFirst();
    }
  }

  private synchronized String last() {
    return String.join("\n", lastLines);
  }
}

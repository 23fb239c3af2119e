package dev.corvid.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program of this machine, run to its end.
 *
 * @param environment added to this process's own
 * @param limit after which it is killed
 */
public record Command(List<String> words, Map<String, String> environment, Duration limit) {
  /** What a program left: its exit code and what it printed. */
  public record Outcome(int exitCode, String out, String err) {}

  public static Command of(String... words) {
    return new Command(List.of(words), Map.of(), Duration.ofMinutes(2));
  }

  public Command and(String... more) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Command(List.copyOf(all), environment, limit);
  }

  public Command within(Duration limit) {
    return new Command(words, environment, limit);
  }

  public Command with(Map<String, String> environment) {
    return new Command(words, environment, limit);
  }

  /**
   * Standard output of a run that ended well.
   *
   * @throws IllegalStateException with all that was printed, when it did not
   */
  public String run() {
    return succeeded(outcome(""));
  }

  /** The same, with a standard input. */
  public String run(String input) {
    return succeeded(outcome(input));
  }

  private String succeeded(Outcome outcome) {
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(
          String.join(" ", words)
              + " ended with "
              + outcome.exitCode()
              + "\n"
              + outcome.out()
              + outcome.err());
    }
    return outcome.out();
  }

  /** Runs it, whatever the end. */
  public Outcome outcome(String input) {
    var builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var out = reading(process.getInputStream());
      var err = reading(process.getErrorStream());
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading: its exit code says more than the broken pipe.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException(
            String.join(" ", words) + " did not end within " + limit.toSeconds() + " s");
      }
      return new Outcome(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + words.getFirst(), e);
    }
  }

  private static CompletableFuture<String> reading(java.io.InputStream stream) {
    var text = new CompletableFuture<String>();
    Thread.startVirtualThread(
        () -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.complete(e.toString());
          }
        });
    return text;
  }
}

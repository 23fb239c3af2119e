package dev.corvid.seeder.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the time goes from the start of the process to the first byte of the source. What is before
 * it (the pod made, scheduled, its image pulled) is in the pod's conditions. Each stage counts
 * once, in order. Thread-safe.
 */
public final class StartTimes {
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final Path MACHINE = Path.of("/proc/uptime");

  /** Of a second, in which Linux tells the start of a process (proc_pid_stat(5)). */
  private static final double TICKS = 100;

  /** Behind the name of the program, which may contain blanks. */
  private static final int STARTED = 19;

  /** What ends, in order. */
  public enum Stage {
    PROCESS("JVM and arguments"),
    POD("probes and reports"),
    PREPARED("scratch and tracker"),
    SOURCE("Secret and trust"),
    RESOLVED("DNS"),
    ANSWERED("connection and answer"),
    FIRST_BYTE("first byte");

    private final String words;

    Stage(String words) {
      this.words = words;
    }
  }

  private final LongSupplier clock;
  private final Consumer<String> listener;
  private final Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
  private final long began;
  private long last;
  private @Nullable Stage stage;

  /**
   * @param clock as {@link System#nanoTime}
   * @param age of the process
   * @param listener hears once of all, when the first byte has come
   */
  public StartTimes(LongSupplier clock, Duration age, Consumer<String> listener) {
    this.clock = clock;
    this.listener = listener;
    this.began = clock.getAsLong() - age.toNanos();
    this.last = began;
  }

  /** Of this process, by a clock that is never set; zero where Linux does not tell. */
  public static Duration age() {
    try {
      var text = Files.readString(PROCESS);
      var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      double started = Long.parseLong(fields[STARTED]) / TICKS;
      double now = Double.parseDouble(Files.readString(MACHINE).split(" ")[0]);
      return Duration.ofMillis(Math.max(0, (long) (1000 * (now - started))));
    } catch (IOException | RuntimeException e) {
      return Duration.ZERO;
    }
  }

  public void ended(Stage ended) {
    String line;
    synchronized (this) {
      if (stage != null && ended.compareTo(stage) <= 0) {
        return;
      }
      long now = clock.getAsLong();
      seconds.put(ended, (now - last) / 1e9);
      last = now;
      stage = ended;
      line = line(now);
    }
    if (ended == Stage.FIRST_BYTE) {
      listener.accept(line);
    }
  }

  private String line(long now) {
    return seconds.entrySet().stream()
        .map(
            entry ->
                String.format(Locale.ROOT, "%s %.2f s", entry.getKey().words, entry.getValue()))
        .collect(
            Collectors.joining(
                ", ",
                String.format(
                    Locale.ROOT,
                    "from the start of the process to the first byte of the source: %.2f s (",
                    (now - began) / 1e9),
                ")"));
  }
}

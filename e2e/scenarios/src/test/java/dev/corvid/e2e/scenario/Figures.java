package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What scenarios measure and do not assert: printed, and kept in {@code e2e/target/figures}. */
public final class Figures {
  private Figures() {}

  public static void record(String title, List<String> lines) throws IOException {
    System.out.println(title);
    lines.forEach(line -> System.out.println("  " + line));
    var file = title.replaceAll("[^A-Za-z0-9]+", "-") + ".txt";
    Files.write(Checkout.figures().resolve(file), lines);
  }

  public static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }

  public static String seconds(Instant from, Instant to) {
    return seconds(Duration.between(from, to));
  }
}

package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java's settings in an image: the argument files that its module puts there. */
public final class ImageSettings {
  private static final String CACHE = "-XX:AOTCache=";

  private ImageSettings() {}

  /** The images' own Java, as {@code make images} leaves it; it may be missing. */
  public static Path java() {
    return Checkout.root().resolve("target/images/root/opt/java/bin/java");
  }

  /**
   * What the image runs with, if a pod sets no other heap.
   *
   * @param module of the image
   * @param cache what the image's Java learnt of the program
   */
  static List<String> of(Path module, Path cache) {
    var settings = read(module, "heap.options");
    settings.addAll(options(module, cache));
    return settings;
  }

  /**
   * What every container of the image runs with.
   *
   * @param cache what the image's Java learnt of the program
   */
  public static List<String> options(Path module, Path cache) {
    var options = options(module);
    options.add(CACHE + cache);
    return options;
  }

  /** What every container of the image runs with, apart from what names a path inside. */
  public static List<String> options(Path module) {
    var options = read(module, "java.options");
    options.removeIf(option -> option.contains("/app/"));
    return options;
  }

  private static List<String> read(Path module, String name) {
    var file = module.resolve("src/main/image").resolve(name);
    try (var lines = Files.lines(file)) {
      return new ArrayList<>(
          lines
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the image's settings from " + file, e);
    }
  }
}

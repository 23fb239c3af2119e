package dev.corvid.seeder.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The release's Secret as mounted: a file per key, read again for each attempt, because the kubelet
 * replaces them when the Secret changes. Never printed.
 *
 * @param values by key
 * @param missing whether one is named, and there is none, or nothing in it
 */
public record MountedSecret(Map<String, String> values, boolean missing) {
  /** A Secret has at most 1 MiB. */
  private static final int MAX_BYTES = 1 << 20;

  public static final MountedSecret NONE = new MountedSecret(Map.of());

  public MountedSecret(Map<String, String> values) {
    this(values, false);
  }

  /**
   * An absent directory means that no Secret is named. As the volume is optional, the directory of
   * one that does not exist is empty.
   */
  public static MountedSecret read(@Nullable Path directory) throws IOException {
    if (directory == null || !Files.isDirectory(directory)) {
      return NONE;
    }
    var values = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
      for (var file : files) {
        if (Files.size(file) <= MAX_BYTES) {
          values.put(
              file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return new MountedSecret(values, values.isEmpty());
  }

  /**
   * A value without the line ends that editors leave behind it; null when the key is absent. Blanks
   * stay: they may be a part of a password.
   */
  public @Nullable String value(String key) {
    var value = values.get(key);
    return value == null ? null : value.substring(0, endOfText(value));
  }

  private static int endOfText(String value) {
    int end = value.length();
    while (end > 0 && (value.charAt(end - 1) == '\n' || value.charAt(end - 1) == '\r')) {
      end--;
    }
    return end;
  }

  @Override
  public String toString() {
    return "Secret" + values.keySet();
  }
}

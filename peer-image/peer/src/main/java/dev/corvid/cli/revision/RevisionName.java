package dev.corvid.cli.revision;

import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A revision as people write it: the twelve digits that {@code kubectl get swr} shows, or the whole
 * digest of its manifest, which begins with them.
 */
public record RevisionName(String text) {
  private static final Pattern SHORT = Pattern.compile("[0-9a-f]{12}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  public RevisionName {
    if (!SHORT.matcher(text).matches() && !DIGEST.matcher(text).matches()) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a revision; write 12 hexadecimal digits, or sha256: and 64 of"
              + " them");
    }
  }

  static boolean isShort(String text) {
    return SHORT.matcher(text).matches();
  }

  boolean isCalled(String shortName) {
    return text.equals(shortName) || text.startsWith("sha256:" + shortName);
  }

  @Override
  public String toString() {
    return text;
  }
}

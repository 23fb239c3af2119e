package dev.corvid.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The process's own projected service-account token, which the kubelet renews. Thread-safe. */
public final class TokenFile {
  private final FreshFile<String> file;

  public TokenFile(Path path) {
    file = new FreshFile<>(path, bytes -> new String(bytes, StandardCharsets.US_ASCII).strip());
  }

  /**
   * The value of an {@code Authorization} header (RFC 6750), with the token of this moment.
   *
   * @throws IOException when the file cannot be read
   */
  public String bearer() throws IOException {
    return "Bearer " + file.value();
  }
}

package dev.corvid.store.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of one manifest line, a JSON object. There is exactly one way to write an entry: a line
 * that does not encode to itself is refused, so that equal trees have equal digests.
 */
@JsonPropertyOrder({"path", "size", "executable", "sha256", "link", "directory"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestLine(
    @Nullable String path,
    @Nullable Long size,
    @Nullable Boolean executable,
    @Nullable String sha256,
    @Nullable String link,
    @Nullable Boolean directory) {
  public static final byte[] HEADER =
      "{\"corvid\":\"manifest\",\"version\":1}".getBytes(StandardCharsets.US_ASCII);

  /** Every byte of the longest path and link escaped, and the names of the fields. */
  public static final int MAX_BYTES = 64 << 10;

  private static final String SHA256_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public static byte[] encode(ManifestEntry entry) {
    return Wire.encode(
        switch (entry) {
          case ManifestEntry.File(var path, var size, var executable, var sha256) ->
              new ManifestLine(path, size, executable ? true : null, sha256, null, null);
          case ManifestEntry.Link(var path, var text) ->
              new ManifestLine(path, null, null, null, text, null);
          case ManifestEntry.EmptyDirectory(var path) ->
              new ManifestLine(path, null, null, null, null, true);
        });
  }

  public static ManifestEntry decode(byte[] line) throws StoreException {
    ManifestEntry entry;
    try {
      entry = Wire.decode(line, ManifestLine.class).toEntry();
    } catch (WireException e) {
      throw new StoreException(Reason.InvalidContent, "the manifest cannot be read", e);
    }
    if (!Arrays.equals(encode(entry), line)) {
      throw new StoreException(
          Reason.InvalidContent, "the manifest's line of '" + entry.path() + "' is not canonical");
    }
    return entry;
  }

  private ManifestEntry toEntry() throws StoreException {
    if (path != null && link != null) {
      return new ManifestEntry.Link(path, link);
    }
    if (path != null && directory != null) {
      return new ManifestEntry.EmptyDirectory(path);
    }
    if (path == null || size == null || size < 0 || sha256 == null) {
      throw new StoreException(
          Reason.InvalidContent, "a line of the manifest is neither file, link nor directory");
    }
    if (!SHA256.matcher(sha256).matches() || (size == 0 && !sha256.equals(SHA256_OF_NOTHING))) {
      throw new StoreException(Reason.InvalidContent, "'" + path + "' has no valid SHA-256");
    }
    return new ManifestEntry.File(path, size, executable != null, sha256);
  }
}

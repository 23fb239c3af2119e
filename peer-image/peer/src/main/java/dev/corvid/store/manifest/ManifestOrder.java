package dev.corvid.store.manifest;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Checks, entry by entry, that a manifest is sorted by the bytes of its paths, names each path
 * once, and has nothing below a file, a link or an empty directory.
 *
 * <p>Memory: the entries that are a prefix of the current path. In byte order everything that
 * begins with {@code a} stands together, so an earlier {@code a} is still here when {@code a/b}
 * comes, even behind {@code a-c}.
 */
public final class ManifestOrder {
  private final Deque<byte[]> prefixes = new ArrayDeque<>();
  private byte[] last = {};

  public void check(byte[] path, String shown) throws StoreException {
    if (last.length > 0 && Arrays.compareUnsigned(last, path) >= 0) {
      throw new StoreException(
          Reason.InvalidContent,
          "the manifest names '" + shown + "' twice, or not in the order of its bytes");
    }
    while (!prefixes.isEmpty() && !startsWith(path, prefixes.peekLast())) {
      prefixes.removeLast();
    }
    for (var prefix : prefixes) {
      if (path[prefix.length] == '/') {
        throw new StoreException(
            Reason.InvalidContent,
            "'" + shown + "' lies below something that is not a directory with content");
      }
    }
    prefixes.addLast(path);
    last = path;
  }

  private static boolean startsWith(byte[] path, byte[] prefix) {
    return path.length > prefix.length
        && Arrays.equals(path, 0, prefix.length, prefix, 0, prefix.length);
  }
}

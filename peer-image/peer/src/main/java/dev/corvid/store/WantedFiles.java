package dev.corvid.store;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.manifest.ManifestIndex;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Files of a torrent by their SHA-256, eight bytes for each: the first bits of the digest, then the
 * file's number. What is found is to be compared whole. Immutable.
 */
final class WantedFiles {
  /** As many as number every file that a torrent may have. */
  private static final int NUMBER_BITS = 19;

  private static final int DIGEST_DIGITS = 16;

  private final long[] keys;

  private WantedFiles(long[] keys) {
    this.keys = keys;
  }

  /**
   * @param wanted which files to take in
   */
  static WantedFiles of(ManifestIndex index, DataFile manifest, int fileCount, IntPredicate wanted)
      throws IOException {
    var keys = new long[(int) IntStream.range(0, fileCount).filter(wanted).count()];
    var next = 0;
    for (var file = 0; file < fileCount && next < keys.length; file++) {
      if (wanted.test(file)) {
        keys[next++] = prefix(index.file(manifest, file).sha256()) | file;
      }
    }
    Arrays.sort(keys, 0, next);
    return new WantedFiles(Arrays.copyOf(keys, next));
  }

  /** The files that may have this digest. */
  IntStream find(String sha256) {
    var prefix = prefix(sha256);
    var at = Arrays.binarySearch(keys, prefix);
    return Arrays.stream(keys, at < 0 ? -at - 1 : at, keys.length)
        .takeWhile(key -> key >>> NUMBER_BITS == prefix >>> NUMBER_BITS)
        .mapToInt(key -> (int) (key - prefix));
  }

  private static long prefix(String sha256) {
    // Never negative, so that they sort as they are.
    var digits = Long.parseUnsignedLong(sha256, 0, DIGEST_DIGITS, 16) >>> 1;
    return digits >>> NUMBER_BITS << NUMBER_BITS;
  }
}

package dev.corvid.seeder;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** What the fetched bytes are. Decided by the spec or the URL's suffix, never by the bytes. */
enum Format {
  /** One file, as it is. */
  NONE,
  TAR(".tar"),
  TAR_GZ(".tar.gz", ".tgz"),
  TAR_ZST(".tar.zst", ".tzst"),
  ZIP(".zip");

  private static final int BUFFER = 1 << 16;

  private final String[] suffixes;

  Format(String... suffixes) {
    this.suffixes = suffixes;
  }

  /**
   * @param name as in the spec: Auto, None, Tar, TarGz, TarZst, Zip
   * @param url whose suffix decides for Auto; without a known one it is a single file
   */
  static Format of(String name, SourceUrl url) throws SourceException {
    return switch (name) {
      case "Auto" -> bySuffix(url.fileName().toLowerCase(Locale.ROOT));
      case "None" -> NONE;
      case "Tar" -> TAR;
      case "TarGz" -> TAR_GZ;
      case "TarZst" -> TAR_ZST;
      case "Zip" -> ZIP;
      default ->
          throw new SourceException(
              Reason.InvalidSpec,
              "spec.source.unpack.format "
                  + name
                  + " is not known to this seeder; use Auto, None, Tar, TarGz, TarZst or Zip");
    };
  }

  private static Format bySuffix(String fileName) {
    return Arrays.stream(values())
        .filter(format -> Arrays.stream(format.suffixes).anyMatch(fileName::endsWith))
        .findFirst()
        .orElse(NONE);
  }

  /** Whether entries come out of the stream as it passes, so that the bytes need not be kept. */
  boolean isStreamed() {
    return this == TAR || this == TAR_GZ || this == TAR_ZST;
  }

  /** The tar within. The decompressors are bounded themselves: 32 KiB; a window of 128 MiB. */
  InputStream decompress(InputStream in) throws IOException {
    return switch (this) {
      case TAR_GZ -> new GZIPInputStream(in, BUFFER);
      case TAR_ZST -> new ZstdInputStreamNoFinalizer(in);
      default -> in;
    };
  }
}

package dev.corvid.seeder.unpack;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.SourceFileName;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the fetched bytes are. Decided by the spec or the URL's suffix, never by the bytes. */
public enum UnpackFormat {
  /** One file, as it is. */
  NONE("None", "file"),
  TAR("Tar", "plain tar"),
  TAR_GZ("TarGz", "gzip"),
  TAR_ZST("TarZst", "zstd"),
  TAR_BZ2("TarBz2", "bzip2"),
  TAR_XZ("TarXz", "xz"),
  ZIP("Zip", "zip");

  /** Archives, and tars in what is not decompressed here: hardly anybody wants them packed. */
  private static final Pattern OTHER_ARCHIVE =
      Pattern.compile(
          ".*\\.(7z|rar|lz4|lz|lzma|lzo|z|ace|arj|cab|cpio|lha|lzh|zoo|zipx|t7z|tlz|tlz4|tzo|tz|tzstd"
              + "|tar\\.(bz|bz3|br|lrz|rz|sz|snappy|lz5|lzip|zz|zlib|zstd|zstandard|gzip|bzip2?)"
              // Volumes of one.
              + "|(7z|zip|rar|tar|tgz|tzst|tbz2?|txz|tar\\.[a-z0-9]{1,5})\\.\\d{2,5}|[zr]\\d{2})");

  private final String inSpec;
  private final String words;

  UnpackFormat(String inSpec, String words) {
    this.inSpec = inSpec;
    this.words = words;
  }

  /**
   * @param name as in the spec: Auto, or one of {@link #inSpec}
   * @param url whose suffix decides for Auto; without a known one it is a single file
   */
  public static UnpackFormat of(String name, SourceUrl url) throws SourceException {
    return of(name, url.fileName(), url);
  }

  /**
   * @param fileName whose suffix decides for Auto
   * @param source for messages
   */
  public static UnpackFormat of(String name, String fileName, Object source)
      throws SourceException {
    if (name.equals("Auto")) {
      return byKnownSuffix(fileName, source);
    }
    return Arrays.stream(values())
        .filter(format -> format.inSpec.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SourceException(
                    Reason.InvalidSpec,
                    "spec.source.unpack.format %s is not known to this seeder; use Auto, %s"
                        .formatted(name, names())));
  }

  private static String names() {
    return Arrays.stream(values()).map(UnpackFormat::inSpec).collect(Collectors.joining(", "));
  }

  private static UnpackFormat byKnownSuffix(String fileName, Object source) throws SourceException {
    if (isOtherArchive(fileName)) {
      throw new SourceException(
          Reason.InvalidSpec,
          "%s is an archive of a kind, or under a suffix, that is not unpacked; pack it as .tar.zst, or write spec.source.unpack.format: None to release it as one file, or the format that it has"
              .formatted(source));
    }
    return bySuffix(fileName).orElse(NONE);
  }

  /** The archive that a file's name says it is; empty for none that is unpacked. */
  static Optional<UnpackFormat> bySuffix(String fileName) {
    return new SourceFileName(fileName)
        .archive()
        .flatMap(
            archive ->
                Arrays.stream(values())
                    .filter(format -> format.inSpec.equals(archive.name()))
                    .findFirst());
  }

  /** Whether a file's name says that it is an archive which is not unpacked. */
  static boolean isOtherArchive(String fileName) {
    return OTHER_ARCHIVE.matcher(fileName.toLowerCase(Locale.ROOT)).matches();
  }

  /** As {@code spec.source.unpack.format} has it. */
  public String inSpec() {
    return inSpec;
  }

  /** For messages. */
  public String words() {
    return words;
  }

  /** Whether entries come out of the stream as it passes, so that the bytes need not be kept. */
  public boolean isStreamed() {
    return this != NONE && this != ZIP;
  }

  /**
   * Bytes of scratch that a source of that length takes at least. What is compressed has files of
   * at least its own length as a rule, and a zip is kept beside them.
   */
  public long needed(long length) {
    return this == NONE || this == TAR || length > Long.MAX_VALUE / 2 ? length : 2 * length;
  }
}

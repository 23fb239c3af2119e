package dev.corvid.seeder.unpack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.corvid.seeder.archive.ArchiveException;
import dev.corvid.seeder.archive.RefusedArchiveException;
import dev.corvid.seeder.error.SourceException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.UnsupportedOptionsException;

/**
 * What is around a tar. Each decompressor's memory is bounded, and what it says of bytes that it
 * cannot read comes out as an {@link ArchiveException}.
 */
final class Compression {
  private static final byte[] BZIP2 = {'B', 'Z', 'h'};
  private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

  /** What {@code xz -9} has. The reader counts in KiB, its own tables too. */
  private static final int XZ_KIB = LZMA2InputStream.getMemoryUsage(64 << 20) + 1024;

  /** 128 MiB, what {@code zstd} itself reads unless it is told otherwise. */
  private static final int ZSTD_WINDOW_BITS = 27;

  private Compression() {}

  /**
   * The tar within.
   *
   * @param in supports mark
   * @throws RefusedArchiveException when the first bytes say that it is of another format
   */
  static InputStream open(UnpackFormat format, InputStream in) throws IOException {
    MagicNumbers.check(format, head(in));
    try {
      return switch (format) {
        case TAR_GZ -> new GzipStream(in);
        case TAR_ZST -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_BITS);
        case TAR_BZ2 ->
            new ConcatenatedStream(in, BZip2CompressorInputStream::new, Compression::isBzip2Next);
        case TAR_XZ -> new ConcatenatedStream(in, Compression::xz, Compression::isXzNext);
        default -> in;
      };
    } catch (IOException | RuntimeException e) {
      throw explained(e);
    }
  }

  /**
   * The first bytes, which are left to be read.
   *
   * @param in supports mark
   */
  static byte[] head(InputStream in) throws IOException {
    return head(in, MagicNumbers.COUNT);
  }

  private static byte[] head(InputStream in, int count) throws IOException {
    in.mark(count);
    byte[] head = in.readNBytes(count);
    in.reset();
    return head;
  }

  /** What else is behind a stream is passed over, as by bzip2 itself. */
  private static boolean isBzip2Next(InputStream in) throws IOException {
    return Arrays.equals(head(in, BZIP2.length), BZIP2);
  }

  private static InputStream xz(InputStream in) throws IOException {
    return new SingleXZInputStream(in, XZ_KIB, true, BasicArrayCache.getInstance());
  }

  /** Zeros, four by four, are the only padding that the format has (xz-file-format, 2.2). */
  private static boolean isXzNext(InputStream in) throws IOException {
    while (true) {
      byte[] head = head(in, XZ.length);
      if (head.length == 0) {
        return false;
      }
      if (Arrays.equals(head, Arrays.copyOf(XZ, head.length))) {
        return true;
      }
      if (head.length < 4 || (head[0] | head[1] | head[2] | head[3]) != 0) {
        throw new ArchiveException(misplaced("xz", "an xz stream"));
      }
      in.skipNBytes(4);
    }
  }

  private static String misplaced(String format, String unit) {
    return "something that is not %s stands where %s should begin; compress it again, or remove what follows the archive"
        .formatted(format, unit);
  }

  /** Each decompressor has words of its own for that. */
  private static boolean isCutOff(IOException e) {
    var words = String.valueOf(e.getMessage());
    return e instanceof EOFException
        || words.equals("Truncated source")
        || words.equals("Unexpected end of stream");
  }

  /** Trouble with the source or the seeder's end as it is; the rest in words. */
  static IOException explained(Exception e) {
    return switch (e) {
      case SourceException known -> known;
      case InterruptedIOException known -> known;
      case ArchiveException known -> known;
      case MemoryLimitException tooLarge ->
          new RefusedArchiveException(
              "the archive's xz dictionary is larger than 64 MiB; compress it with xz -9 or less, or --lzma2=dict=64MiB",
              tooLarge);
      case UnsupportedOptionsException unknown ->
          new RefusedArchiveException(
              "the archive uses options of xz that are not read; compress it with xz -9 or less",
              unknown);
      case ZstdIOException zstd
          when zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge() ->
          new RefusedArchiveException(
              "the archive's zstd window is larger than 128 MiB; compress it with --long=27 or less",
              zstd);
      case ZstdIOException zstd when zstd.getErrorCode() == Zstd.errDictionaryWrong() ->
          new RefusedArchiveException(
              "the archive needs a zstd dictionary; compress it without one", zstd);
      case ZstdIOException zstd when zstd.getErrorCode() == Zstd.errPrefixUnknown() ->
          new ArchiveException(misplaced("zstd", "a zstd frame"), zstd);
      case IOException end when isCutOff(end) ->
          new ArchiveException("its compressed bytes end too early; it was cut off", end);
      default ->
          new ArchiveException(
              e.getMessage() == null ? "its compressed bytes are malformed" : e.getMessage(), e);
    };
  }
}

package dev.corvid.seeder;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.corvid.seeder.archive.ArchiveException;
import dev.corvid.seeder.archive.RefusedArchiveException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZInputStream;

/**
 * What is around a tar. Each decompressor's memory is bounded, and what it says of bytes that it
 * cannot read comes out as an {@link ArchiveException}.
 */
final class Compression {
  private static final int BUFFER = 1 << 16;

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
  static InputStream open(Format format, InputStream in) throws IOException {
    FirstBytes.check(format, head(in));
    try {
      return switch (format) {
        case TAR_GZ -> new GZIPInputStream(in, BUFFER);
        case TAR_ZST -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_BITS);
        case TAR_BZ2 -> new BZip2CompressorInputStream(in, true);
        case TAR_XZ -> new XZInputStream(in, XZ_KIB, true, BasicArrayCache.getInstance());
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
    in.mark(FirstBytes.COUNT);
    byte[] head = in.readNBytes(FirstBytes.COUNT);
    in.reset();
    return head;
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
      case IOException end when isCutOff(end) ->
          new ArchiveException("its compressed bytes end too early; it was cut off", end);
      default ->
          new ArchiveException(
              e.getMessage() == null ? "its compressed bytes are malformed" : e.getMessage(), e);
    };
  }
}

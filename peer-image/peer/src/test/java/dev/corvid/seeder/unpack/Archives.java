package dev.corvid.seeder.unpack;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Archives for tests, made by somebody else's writer. */
public final class Archives {
  private Archives() {}

  /** Fills a tar. */
  public interface Filling {
    void into(Tar tar) throws IOException;
  }

  /** Fills a zip. */
  public interface ZipFilling {
    void into(Zip zip) throws IOException;
  }

  public static byte[] tar(Filling filling) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      filling.into(new Tar(out));
    }
    return bytes.toByteArray();
  }

  /** A tar of about that length that hardly compresses. */
  public static byte[] noisyTar(int length) throws IOException {
    return tar(tar -> tar.file("noise", noise(length), 0644));
  }

  public static byte[] noise(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  public static byte[] gnuTar(Filling filling) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      filling.into(new Tar(out));
    }
    return bytes.toByteArray();
  }

  public static byte[] zip(ZipFilling filling) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipArchiveOutputStream(bytes)) {
      filling.into(new Zip(out));
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  public static byte[] zstd(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZstdOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  public static byte[] bzip2(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new BZip2CompressorOutputStream(bytes, 1)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /**
   * @param dictionary its size in bytes
   */
  public static byte[] xz(byte[] plain, int dictionary) throws IOException {
    var options = new LZMA2Options();
    options.setDictSize(1 << 12);
    var bytes = new ByteArrayOutputStream();
    try (var out = new XZOutputStream(bytes, options)) {
      out.write(plain);
    }
    return withDictionary(bytes.toByteArray(), dictionary);
  }

  /** The block's header says it, and has a sum; a writer would take eleven times as much memory. */
  private static byte[] withDictionary(byte[] xz, int dictionary) {
    int header = 12;
    int length = 4 * ((xz[header] & 0xff) + 1);
    // Size, flags, filter's number, length of its properties, and these: 2^n or 3 * 2^(n-1).
    xz[header + 4] = (byte) (2 * (Integer.numberOfTrailingZeros(dictionary) - 12));
    var sum = new CRC32();
    sum.update(xz, header, length - 4);
    for (int i = 0; i < 4; i++) {
      xz[header + length - 4 + i] = (byte) (sum.getValue() >>> 8 * i);
    }
    return xz;
  }

  /** A frame of one block that is not compressed, and asks for a window of that many bits. */
  public static byte[] zstdFrame(byte[] plain, int windowBits) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0});
    bytes.write(windowBits - 10 << 3);
    int block = plain.length << 3 | 1;
    bytes.writeBytes(new byte[] {(byte) block, (byte) (block >>> 8), (byte) (block >>> 16)});
    bytes.writeBytes(plain);
    return bytes.toByteArray();
  }

  /** A tar.gz of one file of zeros, made without holding them. */
  public static byte[] zeros(long length) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes, 1 << 16);
        var out = new TarArchiveOutputStream(gzip)) {
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      var entry = new TarArchiveEntry("zeros");
      entry.setSize(length);
      out.putArchiveEntry(entry);
      var block = new byte[1 << 20];
      for (long left = length; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
      out.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  public record Tar(TarArchiveOutputStream out) {
    public Tar file(String name, String text) throws IOException {
      return file(name, text, 0644);
    }

    public Tar file(String name, String text, int mode) throws IOException {
      return file(name, text.getBytes(StandardCharsets.UTF_8), mode);
    }

    public Tar file(String name, byte[] body, int mode) throws IOException {
      var entry = new TarArchiveEntry(name, true);
      entry.setSize(body.length);
      entry.setMode(0100000 | mode);
      // A whole second, which needs no pax header of its own.
      entry.setModTime(0L);
      out.putArchiveEntry(entry);
      out.write(body);
      out.closeArchiveEntry();
      return this;
    }

    public Tar directory(String name, int mode) throws IOException {
      var entry = new TarArchiveEntry(name + "/", true);
      entry.setMode(0040000 | mode);
      return put(entry);
    }

    public Tar link(String name, String target) throws IOException {
      return special(name, TarConstants.LF_SYMLINK, target);
    }

    public Tar hardLink(String name, String target) throws IOException {
      return special(name, TarConstants.LF_LINK, target);
    }

    Tar special(String name, byte type, String target) throws IOException {
      var entry = new TarArchiveEntry(name, type, true);
      entry.setLinkName(target);
      return put(entry);
    }

    private Tar put(TarArchiveEntry entry) throws IOException {
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
      return this;
    }
  }

  public record Zip(ZipArchiveOutputStream out) {
    public Zip file(String name, String text, int mode) throws IOException {
      var entry = new ZipArchiveEntry(name);
      entry.setUnixMode(mode);
      out.putArchiveEntry(entry);
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
      return this;
    }

    public Zip stored(String name, byte[] body) throws IOException {
      var crc = new CRC32();
      crc.update(body);
      var entry = new ZipArchiveEntry(name);
      entry.setMethod(ZipArchiveEntry.STORED);
      entry.setSize(body.length);
      entry.setCrc(crc.getValue());
      out.putArchiveEntry(entry);
      out.write(body);
      out.closeArchiveEntry();
      return this;
    }
  }
}

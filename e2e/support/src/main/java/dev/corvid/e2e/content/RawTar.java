package dev.corvid.e2e.content;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * A tar as somebody makes it by mistake, or with intent: names, modes and kinds as they are given.
 */
public final class RawTar {
  private static final long BOMB_BYTES = 10L << 30;
  private static final int MEMBER_BYTES = 64 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream out;

  /**
   * @param names in which entries are named
   */
  public RawTar(Charset names) {
    this.out = new TarArchiveOutputStream(bytes, names.name());
  }

  public RawTar file(String name, int mode, String text) throws IOException {
    byte[] content = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
    return this;
  }

  public RawTar directory(String name, int mode) throws IOException {
    var entry = new TarArchiveEntry(name + "/", true);
    entry.setMode(mode);
    return bodiless(entry);
  }

  public RawTar link(String name, String target) throws IOException {
    var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
    entry.setLinkName(target);
    return bodiless(entry);
  }

  public RawTar device(String name) throws IOException {
    return bodiless(new TarArchiveEntry(name, TarConstants.LF_CHR, true));
  }

  private RawTar bodiless(TarArchiveEntry entry) throws IOException {
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
    return this;
  }

  public byte[] bytes() throws IOException {
    out.close();
    return bytes.toByteArray();
  }

  /** 10 GiB of zeros as 10 MB: a tar of one file whose compressed parts are all the same. */
  public static Path bomb(Path file) throws IOException {
    var header = new byte[512];
    var entry = new TarArchiveEntry("zeros");
    entry.setSize(BOMB_BYTES);
    entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
    byte[] zeros = gzip(new byte[MEMBER_BYTES]);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(gzip(header));
      for (long written = 0; written < BOMB_BYTES; written += MEMBER_BYTES) {
        out.write(zeros);
      }
      out.write(gzip(new byte[1024]));
    }
    return file;
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(plain);
    }
    return compressed.toByteArray();
  }
}

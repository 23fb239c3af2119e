package dev.corvid.seeder.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * A zip file, by its central directory, which alone knows executable bits and links; so the whole
 * file is needed. Zip64 included. Sizes and CRC-32 are checked while reading. Names come out as
 * {@link ZipName} reads them.
 */
public final class ZipArchive implements Archive {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int SIGNATURE = 0x05054b50;
  private static final int TYPE_MASK = 0170000;

  private static final Set<ZipMethod> METHODS =
      EnumSet.of(
          ZipMethod.STORED, ZipMethod.DEFLATED, ZipMethod.ENHANCED_DEFLATED, ZipMethod.BZIP2);

  private final ZipFile zip;
  private final Enumeration<ZipArchiveEntry> entries;
  private ZipArchiveEntry current = new ZipArchiveEntry("");
  private InputStream body = InputStream.nullInputStream();

  private ZipArchive(ZipFile zip) {
    this.zip = zip;
    this.entries = zip.getEntries();
  }

  /**
   * @throws ArchiveException when the file has no whole central directory, or too large a one
   */
  public static ZipArchive open(Path path) throws IOException {
    var file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new ZipArchive(directory(file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static ZipFile directory(FileChannel file) throws IOException {
    var metered = new MeteredChannel(file);
    ZipFile zip;
    try {
      zip =
          ZipFile.builder()
              .setSeekableByteChannel(metered)
              .setUseUnicodeExtraFields(false)
              // Their names and extra fields are not looked at, and cost a seek each.
              .setIgnoreLocalFileHeader(true)
              .get();
    } catch (IOException | RuntimeException e) {
      throw e.getCause() instanceof ArchiveException refused ? refused : noDirectory(e);
    }
    checkEnd(file);
    metered.bodies();
    return zip;
  }

  private static ArchiveException noDirectory(Exception e) {
    var why = e.getCause() == null ? e : e.getCause();
    return new ArchiveException(
        "there is no whole zip directory at the end: cut off, or not a zip at all"
            + (why.getMessage() == null ? "" : " (" + why.getMessage() + ")"),
        e);
  }

  /** The library takes whatever is no record for the directory's end. */
  private static void checkEnd(FileChannel file) throws IOException {
    var signature = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    file.read(signature, file.position() - 4);
    switch (signature.getInt(0)) {
      case END, END_64, SIGNATURE -> {}
      default -> throw new ArchiveException("the zip's directory is corrupt");
    }
  }

  @Override
  public Optional<Entry> next() throws IOException {
    body.close();
    if (!entries.hasMoreElements()) {
      return Optional.empty();
    }
    current = entries.nextElement();
    try {
      return Optional.of(entry());
    } catch (ArchiveException e) {
      return Optional.of(Entry.faulty(name(), e));
    }
  }

  private Entry entry() throws IOException {
    var type = type();
    boolean executable = type == Entry.Type.FILE && (current.getUnixMode() & 0111) != 0;
    var target = type == Entry.Type.SYMBOLIC_LINK ? target() : "";
    long size = type == Entry.Type.FILE ? current.getSize() : 0;
    return new Entry(type, name(), target, size, executable, null);
  }

  private String name() {
    return ZipName.of(current);
  }

  private Entry.Type type() throws ArchiveException {
    int mode = current.getUnixMode();
    return switch (mode & TYPE_MASK) {
      case 0, 0100000 -> name().endsWith("/") ? Entry.Type.DIRECTORY : Entry.Type.FILE;
      case 0040000 -> Entry.Type.DIRECTORY;
      case 0120000 -> Entry.Type.SYMBOLIC_LINK;
      case 0020000 -> Entry.Type.CHARACTER_DEVICE;
      case 0060000 -> Entry.Type.BLOCK_DEVICE;
      case 0010000 -> Entry.Type.FIFO;
      case 0140000 -> Entry.Type.SOCKET;
      default ->
          throw new RefusedArchiveException(
              "the archive's entry %s has mode %o, which is no kind of file"
                  .formatted(EntryText.shown(name()), mode));
    };
  }

  private String target() throws IOException {
    if (current.getSize() > MAX_PATH_BYTES) {
      throw new RefusedArchiveException(
          "the archive's entry "
              + EntryText.shown(name())
              + " is a link whose target is longer than any path");
    }
    return EntryText.of(body().readAllBytes());
  }

  @Override
  public InputStream body() throws IOException {
    if (current.getDiskNumberStart() != 0) {
      throw refused("is in another volume; make the zip of one volume");
    }
    if (current.getGeneralPurposeBit().usesEncryption()) {
      throw refused("is encrypted; pack it without a password");
    }
    if (!METHODS.contains(ZipMethod.getMethodByCode(current.getMethod()))) {
      throw refused(
          "is compressed by method %d; stored, deflate, deflate64 and bzip2 are unpacked"
              .formatted(current.getMethod()));
    }
    try {
      body = new ZipBody(zip.getInputStream(current), current.getSize(), current.getCrc());
      return body;
    } catch (EOFException | IllegalArgumentException e) {
      throw new ArchiveException("the zip points outside of itself: corrupt or cut off", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new ArchiveException("the entry's compressed bytes are corrupt", e);
    }
  }

  private RefusedArchiveException refused(String why) {
    return new RefusedArchiveException(
        "the archive's entry " + EntryText.shown(name()) + " " + why);
  }

  @Override
  public void close() throws IOException {
    body.close();
    zip.close();
  }
}

package dev.corvid.seeder.fetch;

import static java.util.Objects.requireNonNull;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.RangeWindow;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fetched bytes, kept on scratch beside what is unpacked from them: a restarted container goes
 * on where the last one stopped. Not synced to disk, so not believed after the machine restarted.
 * When scratch gets tight they are given up first, unless they are needed themselves.
 *
 * <p>While a {@link #window} is open, ranges are written behind them before their turn. Then a file
 * of its own says how many bytes count, and what is behind them is forgotten with the process.
 */
public final class PartialDownload implements Closeable {
  /** The third kept a file whose length says nothing: only {@link RecordedLength} does. */
  private static final int VERSION = 3;

  /**
   * Whose bytes they are, in a file beside them.
   *
   * @param version of this record
   * @param bootId of the kernel that wrote them
   * @param url SHA-256 of the URL, which itself may hold a signature
   * @param resource that sent them, after redirects, as {@link SourceUrl#resource}
   * @param validator of the bytes; null when the source gave none
   * @param total of the whole; -1 when unknown
   */
  record Origin(
      int version,
      String bootId,
      String url,
      String resource,
      @Nullable String validator,
      long total) {}

  private final Path directory;
  private final Path file;
  private final Path originFile;
  private final Path lengthFile;
  private final ScratchBudget budget;
  private final String bootId;
  private @Nullable FileChannel channel; // null once it was given up
  private @Nullable Origin origin;
  private long length;
  private long dropped;
  private @Nullable RecordedLength record; // null before there was a window
  private long reserved; // for a window
  private long rest; // bytes that are still to come, while there is a window

  /**
   * @param directory where it is or will be
   * @param bootId names the kernel's run, as in {@code /proc/sys/kernel/random/boot_id}
   */
  public PartialDownload(Path directory, ScratchBudget budget, String bootId)
      throws SourceException {
    this.directory = directory;
    this.file = directory.resolve(ScratchVolume.FETCHED);
    this.originFile = directory.resolve(ScratchVolume.FETCHED_ORIGIN);
    this.lengthFile = directory.resolve(ScratchVolume.FETCHED_LENGTH);
    this.budget = budget;
    this.bootId = bootId;
    try {
      open();
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
    budget.take(length);
  }

  private void open() throws IOException {
    origin = readOrigin(originFile, bootId);
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (origin == null) {
      channel.truncate(0);
    } else {
      channel.truncate(RecordedLength.read(lengthFile, channel.size()));
    }
    length = channel.size();
    Files.deleteIfExists(lengthFile); // what is behind the length is gone
  }

  /** The URL of what is kept there, as in {@link Origin}; empty for none. */
  static Optional<String> keptUrl(Path directory, String bootId) throws SourceException {
    try {
      return Optional.ofNullable(
              readOrigin(directory.resolve(ScratchVolume.FETCHED_ORIGIN), bootId))
          .map(Origin::url);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private static @Nullable Origin readOrigin(Path originFile, String bootId) throws IOException {
    if (!Files.isRegularFile(originFile)) {
      return null;
    }
    try {
      var read = Wire.decode(Files.readAllBytes(originFile), Origin.class);
      return read.version() == VERSION && bootId.equals(read.bootId()) ? read : null;
    } catch (WireException e) {
      return null;
    }
  }

  /** What these bytes are a beginning of; null when there are none. */
  public @Nullable Origin origin() {
    return length == 0 ? null : origin;
  }

  public long length() {
    return length;
  }

  public Path file() {
    return file;
  }

  /** Forgets what there was and begins with another answer's bytes. */
  public void begin(SourceResponse response) throws SourceException {
    try {
      requireNonNull(channel).truncate(0);
      budget.give(length);
      length = 0;
      origin =
          new Origin(
              VERSION,
              bootId,
              MirroredSource.hashOf(response.url()),
              response.resource(),
              response.validator(),
              response.total());
      var next = originFile.resolveSibling(ScratchVolume.FETCHED_ORIGIN + ".next");
      Files.write(next, Wire.encode(origin));
      Files.move(next, originFile, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Forgets what is behind a length. */
  void shorten(long to) throws SourceException {
    try {
      requireNonNull(channel).truncate(to);
      budget.give(length - to);
      length = to;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /**
   * Where bytes may be written before their turn: behind those that are kept, or in a ring of its
   * own once these were given up. Empty where scratch has no room for it beside the rest.
   *
   * @param rest bytes that are still to come
   */
  Optional<RangeWindow> window(int most, long rest) throws SourceException {
    int size = (int) Math.min(most, rest);
    long needed = channel == null ? size + rest : rest; // which the window is a part of
    if (!budget.hasRoom(needed) || directory.toFile().getUsableSpace() < needed) {
      return Optional.empty();
    }
    try {
      RangeWindow window;
      if (channel == null) {
        window = RangeWindow.ring(file.resolveSibling(ScratchVolume.AHEAD), size);
      } else {
        if (record == null) {
          record = RecordedLength.begin(lengthFile, length);
        } else {
          record.write(length);
        }
        window = RangeWindow.in(file, size);
      }
      budget.take(size);
      reserved = size;
      this.rest = rest;
      return Optional.of(window);
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Gives back what a window took, and the disk of what came before its turn. */
  void free(RangeWindow window) throws SourceException {
    close(window);
    try {
      if (channel != null && window.keeps()) {
        channel.truncate(length);
      }
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Leaves that disk to the next seeder, which forgets what is behind the kept bytes. */
  void close(RangeWindow window) throws SourceException {
    budget.give(reserved);
    reserved = 0;
    try {
      window.close();
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  public void append(byte[] bytes, int offset, int count) throws SourceException {
    keep(bytes, offset, count, null);
  }

  /** The same for bytes whose turn has come, and which {@code window} has. */
  void append(RangeWindow window, byte[] bytes, int offset, int count) throws SourceException {
    keep(bytes, offset, count, window.keeps() ? window : null);
  }

  /**
   * @param written where the bytes are already; null for nowhere
   */
  private void keep(byte[] bytes, int offset, int count, @Nullable RangeWindow written)
      throws SourceException {
    if (channel != null) {
      shrinkWindow(count);
      budget.take(count); // which may give this up, or free the window and these bytes with it
      var kept = channel;
      if (kept != null) {
        if (written == null || written.isClosed()) {
          write(kept, bytes, offset, count);
        }
        lengthen(count);
        return;
      }
      budget.give(count);
    }
    dropped += count;
    budget.requireSource(dropped);
  }

  /** The window ends with the file, so that no byte of it is counted twice. */
  private void shrinkWindow(int count) {
    rest -= count;
    if (reserved > rest) {
      budget.give(reserved - Math.max(0, rest));
      reserved = Math.max(0, rest);
    }
  }

  private void lengthen(int count) throws SourceException {
    length += count;
    try {
      if (record != null) {
        record.grown(length);
      }
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private void write(FileChannel kept, byte[] bytes, int offset, int count) throws SourceException {
    try {
      var buffer = ByteBuffer.wrap(bytes, offset, count);
      for (long at = length; buffer.hasRemaining(); ) {
        at += kept.write(buffer, at);
      }
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  /** Frees the disk; what is appended from now on is counted, and goes nowhere. */
  public void giveUp() {
    try {
      Files.deleteIfExists(originFile);
      close();
      Files.deleteIfExists(file);
      Files.deleteIfExists(lengthFile);
      record = null;
      budget.give(length);
      dropped += length;
      length = 0;
      channel = null;
    } catch (IOException e) {
      // Then it keeps its place, and the refusal that follows says so.
    }
  }

  /** The bytes so far, from the first. */
  public InputStream read() throws SourceException {
    try {
      return Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ));
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (var closed = channel;
        var last = record) {
      if (last != null && closed != null && closed.isOpen()) {
        last.write(length);
      }
    }
  }
}

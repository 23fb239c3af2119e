package dev.corvid.seeder.fetch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many bytes of a file count, in a file beside it, while others are written behind them. Not
 * thread-safe.
 */
final class RecordedLength implements Closeable {
  /** How many bytes a killed process may have to fetch again, beside those before their turn. */
  private static final int EACH = 4 << 20;

  private final FileChannel channel;
  private long recorded;

  private RecordedLength(FileChannel channel) {
    this.channel = channel;
  }

  /** Begins before anything is written behind the length. */
  static RecordedLength begin(Path file, long length) throws IOException {
    var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    var record = new RecordedLength(channel);
    try {
      record.write(length);
      return record;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What a killed process left; {@code otherwise} where it left no record. */
  static long read(Path file, long otherwise) throws IOException {
    if (!Files.exists(file)) {
      return otherwise;
    }
    var bytes = Files.readAllBytes(file);
    return bytes.length == Long.BYTES ? Math.max(0, ByteBuffer.wrap(bytes).getLong()) : 0;
  }

  /** The length has grown. */
  void grown(long length) throws IOException {
    if (length - recorded >= EACH) {
      write(length);
    }
  }

  void write(long length) throws IOException {
    channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, length), 0);
    recorded = length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

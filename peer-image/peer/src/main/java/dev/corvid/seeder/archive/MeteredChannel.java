package dev.corvid.seeder.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** What a zip is read through, so that its directory, which is held in memory, is bounded. */
final class MeteredChannel implements SeekableByteChannel {
  /** Some 100,000 entries; each then takes up to a kilobyte of memory. */
  private static final int MAX_DIRECTORY_COST = 16 << 20;

  /** Every entry takes at least two reads, and memory even when it has no name. */
  private static final int READ_COST = 16;

  private final SeekableByteChannel file;
  private long left = MAX_DIRECTORY_COST;

  MeteredChannel(SeekableByteChannel file) {
    this.file = file;
  }

  /** From here on come bodies, which nobody holds. */
  void bodies() {
    left = Long.MAX_VALUE;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = file.read(target);
    left -= READ_COST + Math.max(count, 0);
    if (left < 0) {
      throw new RefusedArchiveException(
          "the zip has too many entries to be held in memory; make it a tar");
    }
    return count;
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

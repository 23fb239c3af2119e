package dev.corvid.store.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/** A real file. */
public record ChannelFile(FileChannel channel) implements DataFile {
  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public void write(ByteBuffer data, long position) throws IOException {
    var at = position;
    while (data.hasRemaining()) {
      at += channel.write(data, at);
    }
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return channel.transferTo(position, count, target);
  }

  /** {@code copy_file_range}, by which XFS and Btrfs share blocks (seen with strace, JDK 25). */
  @Override
  public void copy(DataFile from, long fromPosition, long position, long count) throws IOException {
    var source = ((ChannelFile) from).channel.position(fromPosition);
    for (long copied = 0; copied < count; ) {
      var some = channel.transferFrom(source, position + copied, count - copied);
      if (some <= 0) {
        throw new EOFException("the file that is copied ends at " + source.position());
      }
      copied += some;
      source.position(fromPosition + copied);
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public ByteBuffer map() throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, channel.size());
  }

  @Override
  public void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package dev.corvid.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An open file; part of the boundary to the disk, as {@link Directory}. Thread-safe. */
public interface DataFile extends Closeable {
  long size() throws IOException;

  /**
   * @return how many bytes, or -1 at or behind the end
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes all that remains. */
  void write(ByteBuffer data, long position) throws IOException;

  /** May send less than {@code count}; see {@link java.nio.channels.FileChannel#transferTo}. */
  long transferTo(long position, long count, WritableByteChannel target) throws IOException;

  /**
   * Copies from another file, which nothing else uses meanwhile, sharing its blocks if the file
   * system can. Blocks a carrier thread: only for threads of the platform.
   *
   * @throws java.io.EOFException if it ends before
   */
  void copy(DataFile from, long fromPosition, long position, long count) throws IOException;

  void truncate(long size) throws IOException;

  /** The whole content, mapped; the file must not change afterwards. */
  ByteBuffer map() throws IOException;

  /**
   * The content is on the disk when this returns; if it throws, the content on the disk is
   * undefined.
   */
  void sync() throws IOException;
}

package dev.corvid.seeder.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A tar in its blocks: a header, then the body that it announces, of which nothing is held. */
final class TarBlocks extends InputStream {
  static final int SIZE = 512;

  private final InputStream in;
  private long left;
  private int padding;

  TarBlocks(InputStream in) {
    this.in = in;
  }

  /** The next header, behind the rest of the body before it. */
  byte[] header() throws IOException {
    skip(left); // which may be anything up to the greatest number
    skip(padding);
    left = 0;
    padding = 0;
    byte[] block = in.readNBytes(SIZE);
    if (block.length < SIZE) {
      throw new ArchiveException(
          block.length == 0
              ? "the tar has no end mark; it was cut off, or never finished"
              : "the tar ends within a header; it was cut off");
    }
    return block;
  }

  /** Announces a body of that many bytes. */
  void body(long size) {
    left = size;
    padding = (int) (-size & SIZE - 1);
  }

  /** One block of the body, as the map of a sparse file takes it. */
  byte[] block() throws IOException {
    if (left < SIZE) {
      throw new ArchiveException("an entry is shorter than its headers say");
    }
    return whole(SIZE);
  }

  /** The whole body, which the caller has found to be small. */
  byte[] whole(int size) throws IOException {
    byte[] bytes = readNBytes(size);
    if (bytes.length < size) {
      throw cutOff();
    }
    return bytes;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0 || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = in.read(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw cutOff();
    }
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
      return count;
    } catch (EOFException e) {
      throw cutOff();
    }
  }

  private static ArchiveException cutOff() {
    return new ArchiveException("the tar ends within an entry; it was cut off");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

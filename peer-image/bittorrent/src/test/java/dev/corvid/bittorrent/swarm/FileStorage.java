package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/** A torrent of one file, in a real file. */
public class FileStorage implements Storage, AutoCloseable {
  private final FileChannel file;
  private final BitSet verified;

  public FileStorage(Path path, BitSet verified) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.verified = (BitSet) verified.clone();
  }

  @Override
  public BitSet verified() {
    return (BitSet) verified.clone();
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      offset += file.write(data, offset);
    }
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      var count = file.read(target, offset);
      if (count < 0) {
        throw new IOException("nothing at " + offset);
      }
      offset += count;
    }
  }

  @Override
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return file.transferTo(offset, count, target);
  }

  @Override
  public void pieceVerified(int piece) {
    verified.set(piece);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

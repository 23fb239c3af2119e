package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/** A storage that differs from another one in a way that a test is about. */
interface ForwardingStorage extends Storage {
  Storage inner();

  @Override
  default BitSet verified() {
    return inner().verified();
  }

  @Override
  default void write(long offset, ByteBuffer data) throws IOException {
    inner().write(offset, data);
  }

  @Override
  default void read(long offset, ByteBuffer target) throws IOException {
    inner().read(offset, target);
  }

  @Override
  default long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return inner().transferTo(offset, count, target);
  }

  @Override
  default void pieceVerified(int piece) throws IOException {
    inner().pieceVerified(piece);
  }
}

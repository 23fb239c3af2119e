package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The content of a torrent by offset. Thread-safe. */
@FunctionalInterface
public interface ContentSource {
  /**
   * Fills the rest of the buffer with the content from an offset; pads read as zeros.
   *
   * @throws IOException also if the content ends before the buffer is full
   */
  void read(long offset, ByteBuffer target) throws IOException;
}

package dev.corvid.bittorrent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Where an info dictionary goes that was fetched from neighbours. */
@FunctionalInterface
public interface MetainfoKeeper {
  /** In the heap: for callers that fetch few. */
  MetainfoKeeper IN_MEMORY =
      parts -> {
        var whole = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(part -> whole.put(part.duplicate()));
        return whole.flip();
      };

  /**
   * Called on a thread that may block.
   *
   * @param parts the dictionary, whose hash is right
   * @return all of it in one buffer, as a mapped file, that never changes
   * @throws IOException if it cannot be kept, which ends the fetch
   */
  ByteBuffer keep(List<ByteBuffer> parts) throws IOException;
}

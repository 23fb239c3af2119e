package dev.corvid.bittorrent.metainfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * SHA-1 of all pieces, computed by several threads, each taking the next piece. Memory is one
 * buffer per thread, whatever the length of pieces.
 */
public final class PieceHasher {
  private static final int BUFFER_BYTES = 256 << 10;

  private final int threads;

  /**
   * @param threads how many pieces are hashed at once; hashing needs a whole core per thread
   */
  public PieceHasher(int threads) {
    this.threads = threads;
  }

  /**
   * @param hashed called with the number of bytes of each piece when it is done, by many threads
   * @return the concatenated hashes
   */
  public byte[] hash(ContentSource source, long totalLength, int pieceLength, LongConsumer hashed)
      throws IOException, InterruptedException {
    var count = Math.toIntExact(Math.ceilDiv(totalLength, pieceLength));
    var hashes = ByteBuffer.allocate(Math.multiplyExact(count, Sha1.LENGTH));
    var next = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var workers = new ArrayList<Future<?>>();
      for (var i = 0; i < Math.min(threads, count); i++) {
        workers.add(
            pool.submit(
                () -> {
                  var buffer = ByteBuffer.allocate(Math.min(BUFFER_BYTES, pieceLength));
                  int piece;
                  while ((piece = next.getAndIncrement()) < count) {
                    var start = (long) piece * pieceLength;
                    var length = (int) Math.min(pieceLength, totalLength - start);
                    hashes.put(piece * Sha1.LENGTH, digest(source, start, length, buffer));
                    hashed.accept(length);
                  }
                  return null;
                }));
      }
      try {
        for (var worker : workers) {
          worker.get();
        }
      } catch (ExecutionException e) {
        next.set(count); // the others stop after the piece they are at
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        next.set(count);
        throw e;
      }
    }
    return hashes.array();
  }

  private static byte[] digest(ContentSource source, long start, int length, ByteBuffer buffer)
      throws IOException {
    var digest = Sha1.digest();
    for (var done = 0; done < length; done += buffer.limit()) {
      buffer.clear().limit(Math.min(buffer.capacity(), length - done));
      source.read(start + done, buffer);
      digest.update(buffer.flip());
    }
    return digest.digest();
  }
}

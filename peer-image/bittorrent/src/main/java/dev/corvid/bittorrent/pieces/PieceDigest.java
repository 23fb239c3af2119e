package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.metainfo.Sha1;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The SHA-1 of a piece while it arrives, computed beside the loop and delivered on it. Reusable.
 */
public final class PieceDigest {
  private final MessageDigest digest = Sha1.digest();
  private final HashThread hashThread;
  private final Executor loop;

  public PieceDigest(HashThread hashThread, Executor loop) {
    this.hashThread = hashThread;
    this.loop = loop;
  }

  HashThread hashThread() {
    return hashThread;
  }

  void reset() {
    hashThread.execute(digest::reset);
  }

  /** Takes over what is left of {@code bytes}: they stay as they are until they are hashed. */
  void update(ByteBuffer bytes) {
    hashThread.update(digest, bytes);
  }

  void finish(Consumer<byte[]> then) {
    hashThread.execute(
        () -> {
          var result = digest.digest();
          loop.execute(() -> then.accept(result));
        });
  }
}

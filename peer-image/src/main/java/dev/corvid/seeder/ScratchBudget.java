package dev.corvid.seeder;

import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;

/**
 * What may still be written to scratch. The kubelet evicts a pod that exceeds its volume's limit,
 * with a message about the pod; refusing first says what to change. Confined to the fetch's thread.
 */
final class ScratchBudget {
  private static final int BLOCK = 4096;

  private final long limit;
  private long used;
  private long decompressed;
  private GiveUp giveUp;

  /** What can be done without. */
  @FunctionalInterface
  interface GiveUp {
    void run() throws SourceException;
  }

  /**
   * @param limit bytes; 0 for no limit but the disk's
   */
  ScratchBudget(long limit) {
    this.limit = limit == 0 ? Long.MAX_VALUE : limit;
  }

  /** What is run once, before a refusal: it should {@link #give} something back. */
  void beforeRefusal(GiveUp giveUp) {
    this.giveUp = giveUp;
  }

  /** Nothing is written: another attempt begins. */
  void reset() {
    used = 0;
    decompressed = 0;
    giveUp = null;
  }

  void take(long bytes) throws SourceException {
    if (bytes > limit - used && giveUp != null) {
      var once = giveUp;
      giveUp = null;
      once.run();
    }
    if (bytes > limit - used) {
      throw tooSmall(used, bytes);
    }
    used += bytes;
  }

  void give(long bytes) {
    used -= bytes;
  }

  /** What came out of a decompressor, kept or not. No more is read than could be kept. */
  void decompressed(long bytes) throws SourceException {
    decompressed += bytes;
    if (decompressed > limit) {
      throw new SourceException(
          Reason.InsufficientDisk,
          "the archive unpacks to more than scratch's %s, what is left out, replaced or after its end mark included; raise spec.seeder.scratch.sizeLimit, or leave it out of the archive"
              .formatted(ByteSize.format(limit)));
    }
  }

  /** Bytes that the source has sent, none of which is kept any more: they need not end. */
  void requireSource(long bytes) throws SourceException {
    if (bytes > limit) {
      throw new SourceException(
          Reason.InsufficientDisk,
          "the source sends more than scratch's %s, what follows the archive's end included; raise spec.seeder.scratch.sizeLimit, or check the URL"
              .formatted(ByteSize.format(limit)));
    }
  }

  /** Whether this could ever fit. */
  void require(long bytes) throws SourceException {
    if (bytes > limit) {
      throw tooSmall(0, bytes);
    }
  }

  /**
   * Disk that a file or directory of this length takes: whole blocks, and one for its inode.
   *
   * @param length as an archive may claim it, up to {@link Long#MAX_VALUE}
   */
  static long onDisk(long length) {
    long blocks = Math.ceilDiv(length, (long) BLOCK) + 1;
    return blocks > Long.MAX_VALUE / BLOCK ? Long.MAX_VALUE : blocks * BLOCK;
  }

  private SourceException tooSmall(long used, long more) {
    return new SourceException(
        Reason.InsufficientDisk,
        "scratch of %s is too small: %s are used and %s more are needed; raise spec.seeder.scratch.sizeLimit"
            .formatted(ByteSize.format(limit), ByteSize.format(used), ByteSize.format(more)));
  }
}

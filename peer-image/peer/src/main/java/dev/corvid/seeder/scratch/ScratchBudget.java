package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.ByteSize;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What may still be written to scratch. The kubelet evicts a pod that exceeds its volume's limit,
 * with a message about the pod; refusing first says what to change. Confined to the fetch's thread.
 */
public final class ScratchBudget {
  private static final int BLOCK = 4096;
  private static final String FIELD = "spec.seeder.scratch.sizeLimit";

  /** More than any disk has. */
  private static final long MOST = 1L << 50;

  /** A smaller part of the source says little of the rest. */
  private static final int MOST_TIMES = 100;

  private final long limit;
  private long used;
  private long decompressed;
  private boolean exceeded;
  private @Nullable GiveUp giveUp;
  private long total;
  private LongSupplier read = () -> 0;

  /** What can be done without. */
  @FunctionalInterface
  public interface GiveUp {
    void run() throws SourceException;
  }

  /**
   * @param limit bytes; 0 for no limit but the disk's
   */
  public ScratchBudget(long limit) {
    this.limit = limit == 0 ? Long.MAX_VALUE : limit;
  }

  /**
   * What is run once, before a refusal: it should {@link #give} something back, and may name what
   * is to be done without next.
   */
  public void beforeRefusal(GiveUp giveUp) {
    this.giveUp = giveUp;
  }

  /** Nothing is written: another attempt begins. */
  public void reset() {
    used = 0;
    decompressed = 0;
    exceeded = false;
    giveUp = null;
    total = 0;
  }

  /** Whether something was refused: the same bytes will be each time, unlike on a full disk. */
  public boolean isExceeded() {
    return exceeded;
  }

  /**
   * How far the source is read when a refusal estimates what the whole of it needs.
   *
   * @param length bytes; -1 when the source does not say
   */
  public void estimateBy(long length, LongSupplier position) {
    total = length;
    read = position;
  }

  public void take(long bytes) throws SourceException {
    while (bytes > limit - used && giveUp != null) {
      var once = giveUp;
      giveUp = null;
      once.run();
    }
    if (bytes > limit - used) {
      throw tooSmall(used, bytes);
    }
    used += bytes;
  }

  /** Whether so much could be taken without giving up anything. */
  public boolean hasRoom(long bytes) {
    return bytes <= limit - used;
  }

  public void give(long bytes) {
    used -= bytes;
  }

  /** What came out of a decompressor, kept or not. No more is read than could be kept. */
  public void decompressed(long bytes) throws SourceException {
    decompressed += bytes;
    if (decompressed > limit) {
      throw exceeded(
          "the archive unpacks to more than scratch's %s, what is left out, replaced or after its end mark included; %s, or leave it out of the archive"
              .formatted(ByteSize.format(limit), advice(decompressed)));
    }
  }

  /** Bytes that the source has sent, none of which is kept any more: they need not end. */
  public void requireSource(long bytes) throws SourceException {
    if (bytes > limit) {
      throw exceeded(
          "the source sends more than scratch's %s, what follows the archive's end included; %s, or check the URL"
              .formatted(ByteSize.format(limit), advice(bytes)));
    }
  }

  /**
   * Whether this could ever fit.
   *
   * @param bytes of the source, as it says before it is fetched
   * @param needed as far as that is known then: what is unpacked comes on top of some archives
   */
  public void require(long bytes, long needed) throws SourceException {
    if (bytes > limit) {
      throw exceeded(
          "scratch of %s is too small for a source of %s; %s"
              .formatted(ByteSize.format(limit), ByteSize.format(bytes), raiseTo(needed)));
    }
  }

  /**
   * Disk that a file or directory of this length takes: whole blocks, and one for its inode.
   *
   * @param length as an archive may claim it, up to {@link Long#MAX_VALUE}
   */
  public static long onDisk(long length) {
    long blocks = Math.ceilDiv(length, (long) BLOCK) + 1;
    return blocks > Long.MAX_VALUE / BLOCK ? Long.MAX_VALUE : blocks * BLOCK;
  }

  private SourceException tooSmall(long used, long more) {
    return exceeded(
        "scratch of %s is too small: %s are used and %s more are needed; %s"
            .formatted(
                ByteSize.format(limit),
                ByteSize.format(used),
                ByteSize.format(more),
                advice(more > MOST ? MOST : used + more)));
  }

  private SourceException exceeded(String message) {
    exceeded = true;
    return new SourceException(Reason.InsufficientDisk, message);
  }

  /** By what the part of the source that is read needs, if that is enough to tell. */
  private String advice(long needed) {
    long position = read.getAsLong();
    boolean tells = position > 0 && position < total && total / position < MOST_TIMES;
    return tells && needed < MOST / MOST_TIMES
        ? raiseTo((long) ((double) needed * total / position))
            + " (estimated: %d %% of the source were read)".formatted(100 * position / total)
        : raiseTo(needed);
  }

  /** With room for what is not counted yet: the manifest, whole blocks, a file system's own. */
  private static String raiseTo(long needed) {
    if (needed >= MOST) {
      return "raise " + FIELD; // an archive may claim any length
    }
    long ample = needed + needed / 16 + (64L << 20);
    long unit = ample < 10L << 30 ? 1L << 20 : 1L << 30;
    return "raise %s to at least %d%s, or with a volumeClaimTemplate its storage request"
        .formatted(FIELD, Math.ceilDiv(ample, unit), unit == 1L << 20 ? "Mi" : "Gi");
  }
}

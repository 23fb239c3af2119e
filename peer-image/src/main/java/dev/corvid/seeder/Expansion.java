package dev.corvid.seeder;

import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;
import java.util.function.LongSupplier;

/**
 * Refuses archives that are small only until they are unpacked. Honest data is rarely a hundred
 * times smaller when compressed; zeros are a thousand times. The first bytes are free, so that a
 * small archive of empty tables passes.
 */
final class Expansion {
  static final int MAX_RATIO = 200;
  static final long FREE_BYTES = 64L << 20;

  private final LongSupplier consumed;
  private long produced;

  /**
   * @param consumed compressed bytes so far, or all of them where they are known
   */
  Expansion(LongSupplier consumed) {
    this.consumed = consumed;
  }

  void produced(long bytes) throws SourceException {
    produced += bytes;
    if (produced > FREE_BYTES && produced / MAX_RATIO > consumed.getAsLong()) {
      throw new SourceException(
          Reason.InvalidContent,
          "the archive's first %s unpack to more than %s, over %d times as much; that is refused as a decompression bomb: store such content less compressed"
              .formatted(
                  ByteSize.format(consumed.getAsLong()), ByteSize.format(produced), MAX_RATIO));
    }
  }
}

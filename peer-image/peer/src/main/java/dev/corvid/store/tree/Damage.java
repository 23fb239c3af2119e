package dev.corvid.store.tree;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * How a finished revision differs from what was published.
 *
 * @param files numbers, in the torrent, of the files whose bytes differ or are missing
 * @param example the path of the first thing that differs; null when nothing does
 * @param isDeep whether so much is lost that the whole revision has to be downloaded again
 */
public record Damage(BitSet files, @Nullable String example, boolean isDeep) {
  static final Damage NONE = new Damage(new BitSet(), null, false);

  /** Damage that replacing files cannot repair: records are missing, or something is in the way. */
  public static Damage deep(String where) {
    return new Damage(new BitSet(), where, true);
  }

  public boolean isNone() {
    return example == null;
  }

  @Override
  public String toString() {
    int others = files.cardinality() - 1;
    return "'" + example + "'" + (others > 0 ? " and " + others + " more files" : "");
  }
}

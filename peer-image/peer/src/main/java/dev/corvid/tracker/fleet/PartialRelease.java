package dev.corvid.tracker.fleet;

import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a release that have arrived, as long as the last one has not. The operator sends
 * them one after the other, so there is one such release at a time, or none.
 *
 * @param uid of the release; null for none
 * @param parts that have arrived
 * @param grants in them
 */
record PartialRelease(@Nullable String uid, int parts, List<SignedGrant> grants) {
  static final PartialRelease NONE = new PartialRelease(null, 0, List.of());

  /**
   * With one part more.
   *
   * @throws WireException when it does not follow
   */
  PartialRelease and(Push.Release part) throws WireException {
    if (part.part() == 0) {
      return new PartialRelease(part.releaseUid(), 1, part.grants());
    }
    if (!part.releaseUid().equals(uid) || part.part() != parts) {
      throw new WireException(
          "part %d of the release %s came %s"
              .formatted(
                  part.part(),
                  part.releaseUid(),
                  uid == null
                      ? "without part 0"
                      : "after part %d of %s".formatted(parts - 1, uid)));
    }
    var all = new ArrayList<>(grants);
    all.addAll(part.grants());
    if (all.size() > Push.MAX_GRANTS) {
      throw new WireException(
          "the release %s has more than %d grants".formatted(uid, Push.MAX_GRANTS));
    }
    return new PartialRelease(uid, parts + 1, List.copyOf(all));
  }

  /** What is left when that release is forgotten. */
  PartialRelease without(String forgotten) {
    return forgotten.equals(uid) ? NONE : this;
  }

  /** The release, its last part here. */
  Push.Release whole(Push.Release last) {
    return new Push.Release(last.releaseUid(), grants, last.seeder());
  }
}

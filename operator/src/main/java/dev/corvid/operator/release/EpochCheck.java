package dev.corvid.operator.release;

import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.Grant;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Rank;
import dev.corvid.wire.SignedGrant;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the ranks that nodes report. One that cannot be right is counted, its node is named
 * once, and it changes nothing: unless the node shows the grant that it obeyed, signed here. Then a
 * clock was wrong when that was signed, and a new reign begins, in which every release is granted
 * again. {@link Era} has the table. Thread-safe.
 */
final class EpochCheck {
  private static final Logger LOG = LoggerFactory.getLogger(EpochCheck.class);

  /** Reports and names of nodes that are remembered, so that each is counted and named once. */
  private static final int REMEMBERED = 4096;

  private final LongSupplier reign;
  private final LongConsumer raise;
  private final Function<SignedGrant, Optional<Grant>> ours;
  private final LongAdder refused = new LongAdder();
  private final Map<Place, NodeReport> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, NodeReport> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Set<String> named = new HashSet<>();

  private record Place(String node, String releaseUid) {}

  /**
   * @param reign in force
   * @param raise begins a reign, in which every release is looked at
   * @param ours the grant, if it was signed here
   */
  EpochCheck(LongSupplier reign, LongConsumer raise, Function<SignedGrant, Optional<Grant>> ours) {
    this.reign = reign;
    this.raise = raise;
    this.ours = ours;
  }

  /**
   * The era to issue grants of this release in.
   *
   * @param inForce its grants
   */
  Era era(ReleaseFleet fleet, List<Grant> inForce, Instant now) {
    var era = new Era(reign.getAsLong(), now);
    long issued = issued(inForce, era.reign());
    fleet
        .nodes()
        .forEach(
            (node, report) -> {
              if (!era.believes(report.rank(), issued) && isNews(node, report)) {
                prove(report, now);
              }
            });
    return new Era(reign.getAsLong(), now);
  }

  /** The highest epoch of that reign among these grants; 0 when there is none. */
  static long issued(List<Grant> inForce, long reign) {
    return inForce.stream()
        .filter(grant -> grant.reign() == reign)
        .mapToLong(Grant::epoch)
        .max()
        .orElse(0);
  }

  private synchronized boolean isNews(String node, NodeReport report) {
    NodeReport before = seen.put(new Place(node, report.releaseUid()), report);
    if (before != null
        && before.rank().equals(report.rank())
        && (report.proof() == null || report.proof().equals(before.proof()))) {
      return false;
    }
    refused.increment();
    if (named.size() < REMEMBERED && named.add(node)) {
      LOG.warn(
          "Node {} reports {} of {}, which is beyond this operator's clock: not followed. Set the"
              + " clocks right. Should the node not obey afterwards, see corvid.dev/reign",
          node,
          report.rank(),
          report.release());
    }
    return true;
  }

  private void prove(NodeReport report, Instant now) {
    if (report.proof() == null) {
      return;
    }
    ours.apply(report.proof()).map(Grant::rank).ifPresent(proven -> follow(proven, now));
  }

  private void follow(Rank proven, Instant now) {
    // Many edits after a report that was followed may be this far beyond the limit, and no further.
    Instant later = now.plus(Era.STEP);
    if (new Era(reign.getAsLong(), later).believes(proven, 0)) {
      return;
    }
    boolean within = new Era(proven.reign(), later).believes(proven, 0);
    long next = within ? proven.reign() : Math.addExact(proven.reign(), 1);
    LOG.warn(
        "A grant with {} was signed here while a clock was wrong: reign {} begins", proven, next);
    raise.accept(next);
  }

  /** Reports that were not followed because no grant can have had such a rank. */
  long refused() {
    return refused.sum();
  }
}

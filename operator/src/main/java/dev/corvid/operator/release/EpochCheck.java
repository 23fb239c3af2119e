package dev.corvid.operator.release;

import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.Grant;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Rank;
import dev.corvid.wire.SignedGrant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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

  /** Nodes that are named in the log, each once. */
  private static final int NAMED = 4096;

  private final LongSupplier reign;
  private final LongConsumer raise;
  private final Function<SignedGrant, Optional<Grant>> ours;
  private final LongAdder refused = new LongAdder();
  private final Map<String, Map<String, Refused>> refusedByRelease = new HashMap<>();
  private final Set<String> named = new HashSet<>();

  /**
   * What was not believed of a node, as long as it reports that: never more than the fleet's view
   * holds.
   *
   * @param proof the last that was looked at; null when there was none
   */
  private record Refused(Rank rank, SignedGrant proof) {
    static Refused of(NodeReport report) {
      return new Refused(report.rank(), report.proof());
    }

    boolean covers(NodeReport report) {
      return rank.equals(report.rank()) && (report.proof() == null || report.proof().equals(proof));
    }
  }

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
  Era era(String releaseUid, ReleaseFleet fleet, List<Grant> inForce, Instant now) {
    var era = new Era(reign.getAsLong(), now);
    long issued = Grants.issued(inForce, era.reign());
    Map<String, NodeReport> beyond = new HashMap<>();
    fleet
        .nodes()
        .forEach(
            (node, report) -> {
              if (!era.believes(report.rank(), issued)) {
                beyond.put(node, report);
              }
            });
    news(releaseUid, beyond).forEach(report -> prove(report, now));
    return new Era(reign.getAsLong(), now);
  }

  /** Forgets releases that no node reports any more. */
  synchronized void retain(Predicate<String> releaseUids) {
    refusedByRelease.keySet().removeIf(releaseUids.negate());
  }

  /** Those of these reports that were not looked at before. */
  private synchronized List<NodeReport> news(String releaseUid, Map<String, NodeReport> beyond) {
    Map<String, Refused> before = refusedByRelease.getOrDefault(releaseUid, Map.of());
    Map<String, Refused> now = new HashMap<>();
    List<NodeReport> news = new ArrayList<>();
    beyond.forEach(
        (node, report) -> {
          Refused known = before.get(node);
          if (known != null && known.covers(report)) {
            now.put(node, known);
          } else {
            now.put(node, Refused.of(report));
            news.add(report);
            count(node, report);
          }
        });
    if (now.isEmpty()) {
      refusedByRelease.remove(releaseUid);
    } else {
      refusedByRelease.put(releaseUid, now);
    }
    return news;
  }

  private void count(String node, NodeReport report) {
    refused.increment();
    if (named.size() < NAMED && named.add(node)) {
      LOG.warn(
          "Node {} reports {} of {}, which is beyond this operator's clock: not followed. Set the"
              + " clocks right. Should the node not obey afterwards, see corvid.dev/reign",
          node,
          report.rank(),
          report.release());
    }
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
    long next = within ? proven.reign() : proven.reign() + 1;
    if (next > Rank.LIMIT) {
      LOG.warn(
          "A grant with {} was signed here while a clock was wrong, in the last reign there is: its"
              + " nodes obey again when the clock has passed it",
          proven);
      return;
    }
    LOG.warn(
        "A grant with {} was signed here while a clock was wrong: reign {} begins", proven, next);
    raise.accept(next);
  }

  /** Reports that were not followed because no grant can have had such a rank. */
  long refused() {
    return refused.sum();
  }
}

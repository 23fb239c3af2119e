package dev.corvid.operator.release.grant;

import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the ranks that nodes report. One that cannot be right is counted, its node is named
 * once, and it changes nothing: unless the node shows the grant that it obeyed, signed here. Little
 * beyond, it is followed; farther, a clock was wrong when that was signed, and a new reign begins,
 * in which every release is granted again. {@link RankPolicy} has the table. Thread-safe.
 */
public final class RankCheck {
  private static final Logger LOG = LoggerFactory.getLogger(RankCheck.class);

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
   * @param proven the rank that it proves for this release; {@link Rank#NONE} when it proves none
   */
  private record Refused(Rank rank, @Nullable SignedGrant proof, Rank proven) {
    boolean covers(NodeReport report) {
      return rank.equals(report.rank()) && (report.proof() == null || report.proof().equals(proof));
    }
  }

  /**
   * @param reign in force
   * @param raise begins a reign, in which every release is looked at
   * @param ours the grant, if it was signed here
   */
  public RankCheck(
      LongSupplier reign, LongConsumer raise, Function<SignedGrant, Optional<Grant>> ours) {
    this.reign = reign;
    this.raise = raise;
    this.ours = ours;
  }

  /**
   * The era to issue grants of this release in.
   *
   * @param inForce its grants
   */
  public RankPolicy rankPolicy(
      String releaseUid, ReleaseFleet fleet, List<Grant> inForce, Instant now) {
    var rankPolicy = new RankPolicy(reign.getAsLong(), now);
    long issued = GrantSet.issued(inForce, rankPolicy.reign());
    Map<String, NodeReport> beyond = new HashMap<>();
    fleet
        .nodes()
        .forEach(
            (node, report) -> {
              if (!rankPolicy.believes(report.rank(), issued)) {
                beyond.put(node, report);
              }
            });
    List<Rank> news = new ArrayList<>();
    List<Rank> proven = proven(releaseUid, beyond, news);
    news.forEach(rank -> follow(rank, now));
    long current = reign.getAsLong();
    return new RankPolicy(
        current,
        now,
        proven.stream()
            .filter(rank -> rank.reign() == current && isShortlyBeyond(rank, current, now))
            .mapToLong(Rank::epoch)
            .max()
            .orElse(0));
  }

  /** Forgets releases that no node reports any more. */
  public synchronized void retain(Predicate<String> releaseUids) {
    refusedByRelease.keySet().removeIf(releaseUids.negate());
  }

  /**
   * What these nodes prove to have obeyed; each proof is verified once.
   *
   * @param news gets those that were not looked at before
   */
  private synchronized List<Rank> proven(
      String releaseUid, Map<String, NodeReport> beyond, List<Rank> news) {
    Map<String, Refused> before = refusedByRelease.getOrDefault(releaseUid, Map.of());
    Map<String, Refused> current = new HashMap<>();
    beyond.forEach(
        (node, report) -> {
          Refused refused = before.get(node);
          if (refused == null || !refused.covers(report)) {
            refused = new Refused(report.rank(), report.proof(), proven(releaseUid, report));
            count(node, report);
            news.add(refused.proven());
          }
          current.put(node, refused);
        });
    if (current.isEmpty()) {
      refusedByRelease.remove(releaseUid);
    } else {
      refusedByRelease.put(releaseUid, current);
    }
    return current.values().stream().map(Refused::proven).toList();
  }

  private void count(String node, NodeReport report) {
    refused.increment();
    if (named.size() < NAMED && named.add(node)) {
      LOG.warn(
          "Node {} reports {} of {}, which is beyond this operator's clock: ignored. Synchronize"
              + " the clocks. If the node refuses grants afterwards, see corvid.dev/reign",
          node,
          report.rank(),
          report.release());
    }
  }

  private Rank proven(String releaseUid, NodeReport report) {
    return Optional.ofNullable(report.proof())
        .flatMap(ours)
        .filter(grant -> grant.releaseUid().equals(releaseUid))
        .map(Grant::rank)
        .orElse(Rank.NONE);
  }

  /** As far as edits can have come since a grant that had the limit for its epoch. */
  private static boolean isShortlyBeyond(Rank proven, long reign, Instant now) {
    return new RankPolicy(reign, now.plus(RankPolicy.STEP)).believes(proven, 0);
  }

  private void follow(Rank proven, Instant now) {
    if (isShortlyBeyond(proven, reign.getAsLong(), now)) {
      return;
    }
    boolean within = isShortlyBeyond(proven, proven.reign(), now);
    long next = within ? proven.reign() : proven.reign() + 1;
    if (next > Rank.LIMIT) {
      LOG.warn(
          "A grant with {} was signed here while a clock was wrong, and no higher reign exists:"
              + " its nodes obey again when the clock has passed that time",
          proven);
      return;
    }
    LOG.warn(
        "A grant with {} was signed here while a clock was wrong: reign {} begins", proven, next);
    raise.accept(next);
  }

  /** Reports that were not followed because no grant can have had such a rank. */
  public long refused() {
    return refused.sum();
  }
}

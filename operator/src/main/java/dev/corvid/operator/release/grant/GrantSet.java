package dev.corvid.operator.release.grant;

import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns what is wanted of nodes into signed grants. A grant that still says what is wanted of all
 * its nodes is kept as it is; the nodes of the others are packed again, with a rank above all that
 * were issued, and above all that were obeyed as far as that is believed. So a step of a roll-out
 * concerns few nodes but its own, however large the fleet.
 */
public record GrantSet(
    String releaseUid,
    ReleaseName release,
    SharingScope scope,
    String root,
    long generation,
    Retention retention,
    NodeLimits limits) {

  /** Grants that are not full are many after a while: then all are packed again. */
  private static final int SPARE = 8;

  /**
   * @param before the grants in force
   * @param reported the highest rank that each node says it has obeyed
   */
  public List<SignedGrant> issue(
      Map<String, NodeIntent> intents,
      List<SignedGrant> before,
      Map<String, Rank> reported,
      RankPolicy rankPolicy,
      SigningKey key) {
    long issued = issued(before.stream().map(GrantSet::own).toList(), rankPolicy.reign());
    Map<String, Long> obeyed = obeyed(reported, issued, rankPolicy);
    List<SignedGrant> grants = new ArrayList<>();
    SortedMap<String, NodeIntent> open = new TreeMap<>(intents);
    for (SignedGrant signed : before) {
      Grant grant = own(signed);
      if (signed.keyId().equals(key.id())
          && grant.reign() == rankPolicy.reign()
          && isStillRight(grant, intents, obeyed)) {
        grants.add(signed);
        grant.nodes().forEach(open::remove);
      }
    }
    if (grants.size() > 2 * Math.ceilDiv(intents.size(), Grant.MAX_NODES) + SPARE) {
      grants.clear();
      open.putAll(intents);
    }
    long highest = obeyed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    var rank = new Rank(rankPolicy.reign(), rankPolicy.next(issued, highest));
    packed(open).forEach(grant -> grants.add(key.sign(grant.at(rank))));
    return List.copyOf(grants);
  }

  /** The highest epoch of that reign among these grants; 0 when there is none. */
  public static long issued(List<Grant> inForce, long reign) {
    return inForce.stream()
        .filter(grant -> grant.reign() == reign)
        .mapToLong(Grant::epoch)
        .max()
        .orElse(0);
  }

  /** Epochs of this reign, by node; what is not believed is as if it had not been reported. */
  private static Map<String, Long> obeyed(
      Map<String, Rank> reported, long issued, RankPolicy rankPolicy) {
    Map<String, Long> obeyed = new HashMap<>();
    reported.forEach(
        (node, rank) -> {
          if (rank.reign() == rankPolicy.reign() && rankPolicy.believes(rank, issued)) {
            obeyed.put(node, rank.epoch());
          }
        });
    return obeyed;
  }

  private boolean isStillRight(
      Grant grant, Map<String, NodeIntent> intents, Map<String, Long> obeyed) {
    NodeIntent said = new NodeIntent(grant.action(), grant.content());
    return grant.keep().equals(retention.keep())
        && grant.deletionPolicy() == retention.deletionPolicy()
        && grant.root().equals(root)
        && grant.pace().equals(limitsOf(grant.action()))
        && Objects.equals(grant.namespaceUid(), scope.namespaceUid())
        && Objects.equals(grant.swarm(), scope.swarmOf(grant.content()))
        && grant.nodes().stream().allMatch(node -> said.equals(intents.get(node)))
        && grant.nodes().stream().allMatch(node -> grant.epoch() >= obeyed.getOrDefault(node, 0L));
  }

  /** What is removed is not moved. */
  private NodeLimits limitsOf(Action action) {
    return action == Action.REMOVE ? NodeLimits.NONE : limits;
  }

  private List<Draft> packed(SortedMap<String, NodeIntent> open) {
    Map<NodeIntent, List<String>> nodes = new LinkedHashMap<>();
    open.forEach(
        (node, intent) -> nodes.computeIfAbsent(intent, key -> new ArrayList<>()).add(node));
    List<Draft> all = new ArrayList<>();
    nodes.forEach(
        (intent, names) -> {
          for (int from = 0; from < names.size(); from += Grant.MAX_NODES) {
            int to = Math.min(names.size(), from + Grant.MAX_NODES);
            all.add(new Draft(this, intent, names.subList(from, to)));
          }
        });
    return all;
  }

  public static Grant own(SignedGrant signed) {
    try {
      return signed.unverified();
    } catch (WireException e) {
      throw new IllegalStateException("a grant of our own cannot be read", e);
    }
  }

  /** A grant without its rank. */
  private record Draft(GrantSet of, NodeIntent intent, List<String> nodes) {
    Grant at(Rank rank) {
      return new Grant(
          of.releaseUid,
          of.release,
          of.scope.namespaceUid(),
          of.root,
          of.generation,
          rank.reign(),
          rank.epoch(),
          intent.action(),
          intent.content(),
          of.scope.swarmOf(intent.content()),
          of.retention.keep(),
          of.retention.deletionPolicy(),
          nodes,
          of.limitsOf(intent.action()));
    }
  }

  /** The highest rank that each node reported. */
  public static Map<String, Rank> reported(ReleaseFleet fleet) {
    Map<String, Rank> reported = new HashMap<>();
    fleet.nodes().forEach((node, report) -> reported.put(node, report.rank()));
    return reported;
  }
}

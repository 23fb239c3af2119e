package dev.corvid.operator.release;

import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.DeletionPolicy;
import dev.corvid.wire.Grant;
import dev.corvid.wire.ReleaseName;
import dev.corvid.wire.SignedGrant;
import dev.corvid.wire.WireException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns what is wanted of nodes into signed grants. A grant that still says what is wanted of all
 * its nodes is kept as it is; the nodes of the others are packed anew, with an epoch above all that
 * were issued or obeyed. So a step of a roll-out concerns few nodes but its own, however large the
 * fleet.
 */
record Grants(
    String releaseUid,
    ReleaseName release,
    String root,
    long generation,
    List<String> keep,
    DeletionPolicy deletionPolicy) {

  /** Grants that are not full are many after a while: then all are packed anew. */
  private static final int SPARE = 8;

  /**
   * @param before the grants in force
   * @param obeyed the highest epoch that each node has reported
   * @param firstEpoch the wall clock in milliseconds: above whatever was issued before a restart
   */
  List<SignedGrant> issue(
      Map<String, Want> wants,
      List<SignedGrant> before,
      Map<String, Long> obeyed,
      long firstEpoch,
      SigningKey key) {
    List<SignedGrant> grants = new ArrayList<>();
    SortedMap<String, Want> open = new TreeMap<>(wants);
    long highest = obeyed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    for (SignedGrant signed : before) {
      Grant grant = own(signed);
      highest = Math.max(highest, grant.epoch());
      if (signed.keyId().equals(key.id()) && isStillRight(grant, wants, obeyed)) {
        grants.add(signed);
        grant.nodes().forEach(open::remove);
      }
    }
    if (grants.size() > 2 * Math.ceilDiv(wants.size(), Grant.MAX_NODES) + SPARE) {
      grants.clear();
      open.putAll(wants);
    }
    long epoch = Math.max(highest + 1, firstEpoch);
    packed(open).forEach(grant -> grants.add(key.sign(grant.at(epoch))));
    return List.copyOf(grants);
  }

  private boolean isStillRight(Grant grant, Map<String, Want> wants, Map<String, Long> obeyed) {
    Want said = new Want(grant.action(), grant.content());
    return grant.keep().equals(keep)
        && grant.deletionPolicy() == deletionPolicy
        && grant.root().equals(root)
        && grant.nodes().stream().allMatch(node -> said.equals(wants.get(node)))
        && grant.nodes().stream().allMatch(node -> grant.epoch() >= obeyed.getOrDefault(node, 0L));
  }

  private List<Draft> packed(SortedMap<String, Want> open) {
    Map<Want, List<String>> nodes = new LinkedHashMap<>();
    open.forEach((node, want) -> nodes.computeIfAbsent(want, key -> new ArrayList<>()).add(node));
    List<Draft> all = new ArrayList<>();
    nodes.forEach(
        (want, names) -> {
          for (int from = 0; from < names.size(); from += Grant.MAX_NODES) {
            int to = Math.min(names.size(), from + Grant.MAX_NODES);
            all.add(new Draft(this, want, names.subList(from, to)));
          }
        });
    return all;
  }

  static Grant own(SignedGrant signed) {
    try {
      return signed.unverified();
    } catch (WireException e) {
      throw new IllegalStateException("a grant of our own cannot be read", e);
    }
  }

  /** A grant without its epoch. */
  private record Draft(Grants of, Want want, List<String> nodes) {
    Grant at(long epoch) {
      return new Grant(
          of.releaseUid,
          of.release,
          of.root,
          of.generation,
          epoch,
          want.action(),
          want.content(),
          of.keep,
          of.deletionPolicy,
          nodes);
    }
  }
}

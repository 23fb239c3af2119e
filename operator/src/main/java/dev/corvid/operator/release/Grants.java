package dev.corvid.operator.release;

import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.DeletionPolicy;
import dev.corvid.wire.Grant;
import dev.corvid.wire.ReleaseName;
import dev.corvid.wire.SignedGrant;
import dev.corvid.wire.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Turns what is wanted of nodes into signed grants. A grant whose words would be the same is kept
 * as it is, so only the nodes concerned see a change; a changed one gets an epoch above all that
 * were issued or obeyed.
 */
record Grants(
    String releaseUid,
    ReleaseName release,
    String root,
    long generation,
    List<String> keep,
    DeletionPolicy deletionPolicy) {

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
    Map<Words, SignedGrant> inForce = new HashMap<>();
    long highest = obeyed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    for (SignedGrant signed : before) {
      Grant grant = own(signed);
      highest = Math.max(highest, grant.epoch());
      long obeyedByThese =
          grant.nodes().stream().mapToLong(node -> obeyed.getOrDefault(node, 0L)).max().orElse(0);
      if (grant.epoch() >= obeyedByThese && signed.keyId().equals(key.id())) {
        inForce.put(Words.of(grant), signed);
      }
    }
    long epoch = Math.max(highest + 1, firstEpoch);
    List<SignedGrant> grants = new ArrayList<>();
    for (Words words : words(wants)) {
      SignedGrant kept = inForce.get(words);
      grants.add(kept != null ? kept : key.sign(words.grant(this, epoch)));
    }
    return List.copyOf(grants);
  }

  private List<Words> words(Map<String, Want> wants) {
    Map<Want, List<String>> nodes =
        wants.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    LinkedHashMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    List<Words> all = new ArrayList<>();
    nodes.forEach(
        (want, names) -> {
          for (int from = 0; from < names.size(); from += Grant.MAX_NODES) {
            int to = Math.min(names.size(), from + Grant.MAX_NODES);
            all.add(
                new Words(want, keep, deletionPolicy, root, List.copyOf(names.subList(from, to))));
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

  /** A grant without its generation and epoch. */
  private record Words(
      Want want, List<String> keep, DeletionPolicy policy, String root, List<String> nodes) {
    static Words of(Grant grant) {
      return new Words(
          new Want(grant.action(), grant.content()),
          grant.keep(),
          grant.deletionPolicy(),
          grant.root(),
          grant.nodes());
    }

    Grant grant(Grants of, long epoch) {
      return new Grant(
          of.releaseUid,
          of.release,
          root,
          of.generation,
          epoch,
          want.action(),
          want.content(),
          keep,
          policy,
          nodes);
    }
  }
}

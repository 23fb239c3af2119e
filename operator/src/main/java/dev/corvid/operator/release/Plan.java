package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Content;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who holds, activates or removes what: a pure function of the policy and the fleet, so a restarted
 * operator comes to the same answer.
 *
 * <p>Content is placed everywhere first. Nodes switch when every reachable one holds it, at most
 * {@code maxUnavailable} at once, in the order of their names. Once a node has switched, the gate
 * stays open: a node that joins later does not stop the others. A node that serves nothing has
 * nothing to lose and activates as soon as it holds, unless the others still serve an earlier
 * revision.
 */
final class Plan {
  private final Content target;
  private final String digest;
  private final Census census;

  private Plan(Content target, Census census) {
    this.target = target;
    this.digest = target.manifestDigest();
    this.census = census;
  }

  /** What is wanted of each node, by its name. */
  static Map<String, Want> rollOut(Content target, Census census, Rollout policy) {
    Map<String, Want> wants = new TreeMap<>();
    census.leaving().forEach(member -> wants.put(member.node(), Want.REMOVE));
    wants.putAll(new Plan(target, census).desired(policy));
    return wants;
  }

  /**
   * While suspended: every node keeps what it serves, and one that serves nothing does not
   * activate.
   *
   * @param known the revisions of the history
   */
  static Map<String, Want> suspended(List<Content> known, Census census) {
    Map<String, Want> wants = new TreeMap<>();
    for (Member member : census.desired()) {
      known.stream()
          .filter(content -> member.serves(content.manifestDigest()))
          .findFirst()
          .ifPresent(content -> wants.put(member.node(), Want.activate(content)));
    }
    return wants;
  }

  private Map<String, Want> desired(Rollout policy) {
    boolean begun = census.desired().stream().anyMatch(member -> member.serves(digest));
    boolean replacing = census.desired().stream().anyMatch(this::servesAnother);
    Set<String> switching = begun || isPlaced() ? switching(policy) : Set.of();
    Map<String, Want> wants = new TreeMap<>();
    // A node whose peer is being replaced keeps its grant: nothing changes for it, or for others.
    Stream<Member> away = census.absent().stream().filter(member -> member.report() != null);
    for (Member member : Stream.concat(census.desired().stream(), away).toList()) {
      boolean nothingToLose = !member.servesAnything() && (begun || !replacing);
      boolean activate =
          member.serves(digest) || nothingToLose || switching.contains(member.node());
      wants.put(member.node(), activate ? Want.activate(target) : Want.hold(target));
    }
    return wants;
  }

  private boolean isPlaced() {
    List<Member> reachable = census.reachable();
    return census.isSettled()
        && !reachable.isEmpty()
        && reachable.stream().allMatch(member -> member.holds(digest));
  }

  /** The next ones in the order of names, as many as may be without service at once. */
  private Set<String> switching(Rollout policy) {
    if (census.reachable().stream().anyMatch(member -> member.failed(digest))) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    census.reachable().stream()
        .filter(Predicate.not(member -> member.serves(digest)))
        .filter(member -> member.holds(digest))
        .limit(policy.switchingAtOnce(census.desired().size()))
        .forEach(member -> names.add(member.node()));
    return names;
  }

  private boolean servesAnother(Member member) {
    return member.servesAnything() && !member.serves(digest);
  }
}

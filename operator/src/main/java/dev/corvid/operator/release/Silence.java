package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Grant;
import dev.corvid.wire.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes that cannot say what keeps them, with what the operator knows of it: no peer, no word
 * from the node, or no answer to what it was told.
 *
 * @param nodes unserved ones, unreachable ones, those that do not answer
 * @param recheckAt when the first of those that have yet to answer is late; null for none
 */
record Silence(List<Failure> nodes, Instant recheckAt) {
  /** How long a node may take to say that it was told something. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static Silence of(Census census, List<Grant> inForce, List<Failure> before, Instant now) {
    Map<String, Grant> grants = new HashMap<>();
    inForce.forEach(grant -> grant.nodes().forEach(node -> grants.put(node, grant)));
    List<Failure> nodes = new ArrayList<>();
    Instant recheckAt = null;
    census
        .unserved()
        .forEach(node -> nodes.add(silent(node, "no Corvid peer runs on this node", before, now)));
    for (Member member : census.desired()) {
      Grant grant = grants.get(member.node());
      if (member.reach() == Member.Reach.UNREACHABLE) {
        String text = "the node is NotReady, or nothing was heard of its peer for 60 s";
        nodes.add(silent(member.node(), text, before, now));
      } else if (grant != null && member.isReachable() && !hasAnswered(member, grant)) {
        // Epochs are the wall clock of when they were issued, or above it.
        Instant late = Instant.ofEpochMilli(grant.epoch()).plus(PATIENCE);
        if (now.isBefore(late)) {
          recheckAt = recheckAt == null || late.isBefore(recheckAt) ? late : recheckAt;
        } else {
          String text = "its peer has not answered for 60 s: see the log of the peer there";
          nodes.add(silent(member.node(), text, before, now));
        }
      }
    }
    return new Silence(List.copyOf(nodes), recheckAt);
  }

  private static boolean hasAnswered(Member member, Grant grant) {
    return member.reported().filter(report -> report.epoch() >= grant.epoch()).isPresent();
  }

  private static Failure silent(String node, String text, List<Failure> before, Instant now) {
    return before.stream()
        .filter(known -> node.equals(known.nodeName()) && text.equals(known.message()))
        .findFirst()
        .orElseGet(
            () ->
                new Failure(
                    node,
                    Reason.PeerMissing.name(),
                    text,
                    1,
                    now.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  Optional<Instant> recheck() {
    return Optional.ofNullable(recheckAt);
  }
}

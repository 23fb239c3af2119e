package dev.corvid.node.release;

import dev.corvid.node.SampleRelease;
import dev.corvid.trust.TestCluster;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Changes its mind about two releases with the same contents, and signs what it wants. */
final class PlayedOperator {
  static final String NODE = "node-1";
  static final List<ReleaseName> NAMES =
      List.of(new ReleaseName("search", "ranking"), new ReleaseName("search", "twin"));

  private static final int UIDS = 64;

  private final RandomGenerator random;
  private final TestCluster keys;
  private final TestCluster stranger;
  private final List<SampleRelease> contents;
  private final Map<String, SignedGrant> wanted = new TreeMap<>();
  private final Map<String, Grant> grants = new TreeMap<>();
  private final Set<SignedGrant> signed = new HashSet<>();
  private int uids;

  PlayedOperator(
      RandomGenerator random,
      TestCluster keys,
      TestCluster stranger,
      List<SampleRelease> contents) {
    this.random = random;
    this.keys = keys;
    this.stranger = stranger;
    this.contents = contents;
  }

  /** What is wanted of each release that there is. */
  Map<String, Grant> grants() {
    return grants;
  }

  boolean hasSigned(SignedGrant grant) {
    return signed.contains(grant);
  }

  /**
   * Wants something else of a release.
   *
   * @param obeyedUid of the release that the node has under this name; null for none
   */
  void change(ReleaseName name, String obeyedUid) {
    Grant last = grants.get(name.toString());
    int dice = random.nextInt(20);
    if (last == null || last.action() == Action.REMOVE && dice < 10 || dice < 2) {
      String uid = "uid-" + ++uids;
      long after = last == null ? 10 : Math.max(1, last.epoch() / UIDS + 4 - random.nextInt(8));
      long epoch = epoch(uid, after);
      grant(name, uid, epoch, action(), content(), NodeLimits.NONE, policy());
    } else if (dice < 5 && last.releaseUid().equals(obeyedUid)) {
      again(last, Action.REMOVE, null, NodeLimits.NONE);
    } else if (dice < 8 && last.action() != Action.REMOVE) {
      var limits = new NodeLimits((1 << 16) + random.nextInt(1 << 20), 0);
      again(last, last.action(), sample(last), limits);
    } else {
      again(last, action(), content(), NodeLimits.NONE);
    }
  }

  /** Grants the same again, as when another node joins those that the grant names. */
  void signAgain(ReleaseName name) {
    Grant last = grants.get(name.toString());
    if (last != null && last.action() != Action.REMOVE) {
      again(last, last.action(), sample(last), last.pace());
    }
  }

  /** Grants again, at a higher rank, what the node says that it refused. */
  void hear(List<NodeReport> reports) {
    for (NodeReport report : reports) {
      Grant last = grants.get(report.release().toString());
      if (last != null
          && last.releaseUid().equals(report.releaseUid())
          && last.rank().isBelow(report.rank())) {
        grant(
            last.release(),
            last.releaseUid(),
            epoch(last.releaseUid(), report.epoch() / UIDS),
            last.action(),
            sample(last),
            NodeLimits.NONE,
            last.deletionPolicy());
      }
    }
  }

  /** What a tracker answers the node with. */
  NodeAssignments slice() {
    return slice(List.copyOf(wanted.values()));
  }

  /** What a tracker answers that has been taken over. */
  NodeAssignments forged() {
    List<SignedGrant> all = new ArrayList<>(wanted.values());
    for (Grant grant : grants.values()) {
      Grant later =
          new Grant(
              grant.releaseUid(),
              grant.release(),
              null,
              grant.root(),
              grant.generation(),
              0,
              grant.epoch() + 100 * UIDS,
              Action.REMOVE,
              null,
              null,
              List.of(),
              DeletionPolicy.DELETE,
              List.of(random.nextBoolean() ? NODE : "node-2"));
      all.add(later.nodes().contains(NODE) ? stranger.sign(later) : keys.sign(later));
    }
    return slice(all);
  }

  SampleRelease sample(Grant grant) {
    return contents.stream()
        .filter(each -> each.content.equals(grant.content()))
        .findFirst()
        .orElse(null);
  }

  private static NodeAssignments slice(List<SignedGrant> grants) {
    return new NodeAssignments(
        "tracker-1",
        1,
        "",
        grants.stream()
            .map(each -> new NodeAssignments.Entry(each, List.of("10.0.0.9:6881"), null))
            .toList(),
        null);
  }

  /** As an operator that reads a clock: no two releases have the same. */
  private static long epoch(String uid, long after) {
    return (after + 1) * UIDS + Integer.parseInt(uid.substring("uid-".length())) % UIDS;
  }

  private Action action() {
    return random.nextInt(3) == 0 ? Action.HOLD : Action.ACTIVATE;
  }

  private SampleRelease content() {
    return contents.get(random.nextInt(contents.size()));
  }

  private DeletionPolicy policy() {
    return random.nextInt(4) == 0 ? DeletionPolicy.RETAIN : DeletionPolicy.DELETE;
  }

  private void again(Grant last, Action action, SampleRelease content, NodeLimits limits) {
    grant(
        last.release(),
        last.releaseUid(),
        last.epoch() + UIDS * (1L + random.nextInt(3)),
        action,
        content,
        limits,
        last.deletionPolicy());
  }

  private void grant(
      ReleaseName name,
      String uid,
      long epoch,
      Action action,
      SampleRelease content,
      NodeLimits limits,
      DeletionPolicy policy) {
    var grant =
        new Grant(
            uid,
            name,
            null,
            "models",
            epoch,
            0,
            epoch,
            action,
            action == Action.REMOVE ? null : content.content,
            action == Action.REMOVE ? null : content.content.infoHash(),
            List.of(),
            policy,
            List.of(NODE),
            limits);
    SignedGrant text = keys.sign(grant);
    signed.add(text);
    wanted.put(name.toString(), text);
    grants.put(name.toString(), grant);
  }
}

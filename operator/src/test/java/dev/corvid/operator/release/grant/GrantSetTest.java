package dev.corvid.operator.release.grant;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GrantSetTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final long CLOCK = 1_000_000;
  private static final RankPolicy ERA = new RankPolicy(0, Instant.ofEpochMilli(CLOCK));
  private static final Duration TOLERATED = Duration.ofMinutes(10);
  private static final NodeIntent HOLD = NodeIntent.hold(NEW);

  private final GrantSet grants = grants(DeletionPolicy.DELETE);

  @Test
  void startsWithTheWallClockAsItsEpoch() {
    var issued = issue(Map.of("a", NodeIntent.hold(NEW)), List.of(), Map.of());

    assertThat(issued).extracting(GrantSet::own).extracting(Grant::epoch).containsExactly(CLOCK);
  }

  @Test
  void goesAboveWhateverANodeHasObeyed() {
    var issued = issue(Map.of("a", NodeIntent.hold(NEW)), List.of(), Map.of("a", CLOCK + 5));

    assertThat(GrantSet.own(issued.getFirst()).epoch())
        .isBetween(CLOCK + 6, CLOCK + TOLERATED.toMillis());
  }

  @Test
  void keepsAGrantWhoseWordsAreTheSame() {
    var before =
        issue(
            Map.of("a", NodeIntent.hold(NEW), "b", NodeIntent.activate(NEW)), List.of(), Map.of());

    var after =
        issue(
            Map.of("a", NodeIntent.hold(NEW), "b", NodeIntent.activate(OLD)),
            before,
            Map.of("a", CLOCK));

    assertThat(of("a", after)).isEqualTo(of("a", before));
    assertThat(GrantSet.own(of("b", after)).epoch()).isGreaterThan(CLOCK);
  }

  @Test
  void repeatsAGrantThatANodeWouldTakeForAnOldOne() {
    var before = issue(Map.of("a", NodeIntent.hold(NEW)), List.of(), Map.of());

    var after = issue(Map.of("a", NodeIntent.hold(NEW)), before, Map.of("a", CLOCK + 9));

    assertThat(GrantSet.own(after.getFirst()).epoch())
        .isBetween(CLOCK + 10, CLOCK + TOLERATED.toMillis());
  }

  @Test
  void signsAgainWhenTheKeyIsAnotherOne() throws Exception {
    var before = issue(Map.of("a", NodeIntent.hold(NEW)), List.of(), Map.of());
    var other = SigningKey.generate();

    var after = grants.issue(Map.of("a", NodeIntent.hold(NEW)), before, Map.of(), ERA, other);

    assertThat(after.getFirst().keyId()).isEqualTo(other.id());
  }

  @Test
  void tellsTheNodesWhenTheDeletionPolicyChanges() {
    var before = issue(Map.of("a", NodeIntent.hold(NEW)), List.of(), Map.of());

    var after =
        grants(DeletionPolicy.RETAIN)
            .issue(Map.of("a", NodeIntent.hold(NEW)), before, Map.of(), ERA, KEY);

    assertThat(GrantSet.own(after.getFirst()).deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
  }

  @Test
  void aLimitReachesEveryNodeThatHoldsSomethingAndNoOther() {
    Map<String, NodeIntent> intents =
        Map.of("a", NodeIntent.hold(NEW), "b", NodeIntent.activate(OLD), "c", NodeIntent.REMOVE);
    var before = issue(intents, List.of(), Map.of());
    var limits = new NodeLimits(10_000_000, 0);

    var limited = grants(limits).issue(intents, before, Map.of(), ERA, KEY);

    assertThat(of("c", limited)).isEqualTo(of("c", before));
    for (String node : List.of("a", "b")) {
      Grant grant = GrantSet.own(of(node, limited));
      assertThat(grant.pace()).isEqualTo(limits);
      assertThat(grant.epoch()).isGreaterThan(CLOCK);
      assertThat(grant.changesLimitsOf(GrantSet.own(of(node, before)))).isTrue();
    }
    assertThat(grants(limits).issue(intents, limited, Map.of(), ERA, KEY)).isEqualTo(limited);

    var lifted = issue(intents, limited, Map.of());
    assertThat(GrantSet.own(of("a", lifted)).pace()).isEqualTo(NodeLimits.NONE);
  }

  @Test
  void namesEveryNodeOnceAndFewInOneGrant() {
    Map<String, NodeIntent> intents = new TreeMap<>();
    IntStream.range(0, 1000).forEach(i -> intents.put("node-" + i, NodeIntent.hold(NEW)));

    var issued = issue(intents, List.of(), Map.of());

    assertThat(issued).hasSize(16);
    assertThat(issued)
        .flatExtracting(signed -> GrantSet.own(signed).nodes())
        .containsExactlyInAnyOrderElementsOf(intents.keySet());
  }

  @Test
  void aStepOfARolloutLeavesMostOtherNodesInPeace() {
    var before = issue(thousand(0), List.of(), Map.of());

    var after = issue(thousand(100), before, Map.of());

    assertThat(after).filteredOn(before::contains).hasSize(14);
    assertThat(after)
        .flatExtracting(signed -> GrantSet.own(signed).nodes())
        .containsExactlyInAnyOrderElementsOf(thousand(0).keySet());
    assertThat(wanted(after)).isEqualTo(thousand(100));
  }

  @Test
  @Tag("slow")
  void doesNotCrumbleOverManySteps() {
    var grants = issue(thousand(0), List.of(), Map.of());
    for (int active = 1; active <= 1000; active++) {
      grants = issue(thousand(active), grants, Map.of());
    }

    assertThat(grants).hasSizeLessThanOrEqualTo(2 * 16 + 8 + 2);
    assertThat(wanted(grants)).isEqualTo(thousand(1000));
    assertThat(issue(thousand(1000), grants, Map.of())).isEqualTo(grants);
  }

  /** A fleet in which that many nodes, the first ones, are to activate. */
  private static Map<String, NodeIntent> thousand(int active) {
    Map<String, NodeIntent> intents = new TreeMap<>();
    IntStream.range(0, 1000)
        .forEach(
            i ->
                intents.put(
                    "node-%03d".formatted(i), i < active ? NodeIntent.activate(NEW) : HOLD));
    return intents;
  }

  private static Map<String, NodeIntent> wanted(List<SignedGrant> grants) {
    Map<String, NodeIntent> intents = new TreeMap<>();
    for (SignedGrant signed : grants) {
      Grant grant = GrantSet.own(signed);
      grant
          .nodes()
          .forEach(node -> intents.put(node, new NodeIntent(grant.action(), grant.content())));
    }
    return intents;
  }

  private List<SignedGrant> issue(
      Map<String, NodeIntent> intents, List<SignedGrant> before, Map<String, Long> obeyed) {
    Map<String, Rank> ranks = new TreeMap<>();
    obeyed.forEach((node, epoch) -> ranks.put(node, new Rank(0, epoch)));
    return grants.issue(intents, before, ranks, ERA, KEY);
  }

  private static SignedGrant of(String node, List<SignedGrant> grants) {
    return grants.stream()
        .filter(signed -> GrantSet.own(signed).nodes().contains(node))
        .findFirst()
        .orElseThrow();
  }

  private static GrantSet grants(NodeLimits limits) {
    return new GrantSet(
        "11-22",
        new ReleaseName("search", "model"),
        Given.SCOPE,
        "default",
        4,
        Retention.NONE,
        limits);
  }

  private static GrantSet grants(DeletionPolicy policy) {
    return new GrantSet(
        "11-22",
        new ReleaseName("search", "model"),
        Given.SCOPE,
        "default",
        4,
        new Retention(List.of(), policy),
        NodeLimits.NONE);
  }
}

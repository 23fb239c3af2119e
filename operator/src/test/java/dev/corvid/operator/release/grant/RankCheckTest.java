package dev.corvid.operator.release.grant;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose reports are wrong, by a lie or by a clock. */
class RankCheckTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");
  private static final Duration TOLERATED = Duration.ofMinutes(10);

  private final Map<String, NodeReport> reports = new TreeMap<>();
  private final List<Long> raised = new ArrayList<>();
  private Instant now = START;
  private long reign;
  private RankCheck check = new RankCheck(() -> reign, this::raise, KEY::signedGrant);
  private List<SignedGrant> inForce = List.of();

  @Test
  void aHugeEpochOfANodeIsNotFollowed() {
    intent(OLD, "evil", "honest");
    honest("honest");
    reports.put("evil", report(new Rank(0, Rank.LIMIT - 1), null));

    intent(NEW, "evil", "honest");

    assertThat(epochs()).allMatch(epoch -> epoch <= now.plus(TOLERATED).toEpochMilli());
    assertThat(obeys("honest")).isTrue();
    assertThat(check.refused()).isEqualTo(1);
    assertThat(raised).isEmpty();
  }

  @Test
  void whatIsBeyondTheClockIsSignedAndCountedOnce() {
    intent(OLD, "evil", "honest");
    reports.put("evil", report(new Rank(0, Rank.LIMIT), null));
    intent(OLD, "evil", "honest");
    var before = inForce;

    for (int look = 0; look < 5; look++) {
      now = now.plusSeconds(1);
      intent(OLD, "evil", "honest");
    }

    assertThat(inForce).isEqualTo(before);
    assertThat(check.refused()).isEqualTo(1);
  }

  @Test
  void eachReportIsCountedOnceHoweverManyThereAre() {
    for (int node = 0; node < 5000; node++) {
      reports.put("evil-" + node, report(new Rank(0, Rank.LIMIT), null));
    }

    intent(OLD, "honest");
    intent(OLD, "honest");

    assertThat(check.refused()).isEqualTo(5000);
  }

  @Test
  void aProofThatIsShownEveryOtherTimeIsVerifiedOnce() {
    var verified = new AtomicInteger();
    check =
        new RankCheck(
            () -> reign,
            this::raise,
            signed -> {
              verified.incrementAndGet();
              return KEY.signedGrant(signed);
            });
    var old = KEY.sign(grant(new Rank(0, 1)));

    for (int look = 0; look < 100; look++) {
      reports.put("evil", report(new Rank(0, Rank.LIMIT), look % 2 == 0 ? old : null));
      intent(OLD, "honest");
    }

    assertThat(check.refused()).isEqualTo(1);
    assertThat(verified).hasValue(1);
  }

  @Test
  void noReignBeginsAfterTheLast() {
    reign = Rank.LIMIT;
    var beyond = new Rank(Rank.LIMIT, now.plus(Duration.ofDays(3)).toEpochMilli());
    reports.put("evil", report(beyond, KEY.sign(grant(beyond))));

    intent(OLD, "honest");

    assertThat(raised).isEmpty();
    assertThat(obeys("honest")).isTrue();
  }

  @Test
  void creepingEpochsAreFollowedTwiceInTenMinutesAtMost() {
    intent(OLD, "evil", "honest");
    int signed = 0;
    for (int look = 0; look < 600; look++) {
      now = now.plusSeconds(1);
      var before = inForce;
      reports.put("evil", report(new Rank(0, epochs().getFirst() + 1), null));
      intent(OLD, "evil", "honest");
      signed += inForce.equals(before) ? 0 : 1;
    }
    assertThat(signed).isBetween(1, 3);
  }

  @Test
  void anInventedReignIsNotFollowed() {
    intent(OLD, "evil", "honest");
    reports.put("evil", report(new Rank(Rank.LIMIT, 1), null));
    honest("honest");

    intent(NEW, "evil", "honest");

    assertThat(obeys("honest")).isTrue();
    assertThat(raised).isEmpty();
  }

  @Test
  void aClockThatRanAheadAndWasCorrectedEndsWithANewReign() {
    now = START.plus(Duration.ofHours(1));
    intent(OLD, "a", "b");
    honest("a");
    honest("b");
    now = START.plusSeconds(60);
    restart();

    intent(NEW, "a", "b");
    assertThat(obeys("a")).isFalse();
    reports.computeIfPresent("a", (node, report) -> report.proving(recorded.get(node)));
    intent(NEW, "a", "b");

    assertThat(raised).containsExactly(1L);
    assertThat(obeys("a")).isTrue();
    assertThat(obeys("b")).isTrue();
    assertThat(epochs()).allMatch(epoch -> epoch <= now.toEpochMilli());
  }

  @Test
  void aReignThatTheOperatorForgotIsProvenByANode() {
    reign = 7;
    intent(OLD, "a");
    honest("a");
    restart();
    reign = 0;
    now = now.plusSeconds(60);
    intent(NEW, "a");
    assertThat(obeys("a")).isFalse();

    reports.computeIfPresent("a", (node, report) -> report.proving(recorded.get(node)));
    intent(NEW, "a");

    assertThat(raised).containsExactly(7L);
    assertThat(obeys("a")).isTrue();
  }

  /** A release that is created again has no reports yet: its grant has the time for its epoch. */
  @Test
  void restartsInARowLeaveNoNodeAheadOfTheClock() {
    for (int restarts = 0; restarts < 5; restarts++) {
      intent(restarts % 2 == 0 ? OLD : NEW, "a", "b");
      assertThat(obeys("a")).as("after " + restarts).isTrue();
      assertThat(epochs()).as("after " + restarts).allMatch(e -> e <= now.toEpochMilli());
      now = now.plusSeconds(1);
      restart();
    }
    assertThat(raised).isEmpty();
  }

  @Test
  void anEpochAtTheLimitIsFollowedAfterARestartToo() {
    reports.put(
        "evil",
        report(new Rank(0, check.rankPolicy("11-22", fleet(), List.of(), now).limit()), null));
    for (int restarts = 0; restarts < 3; restarts++) {
      intent(restarts % 2 == 0 ? OLD : NEW, "a", "evil");
      assertThat(obeys("a")).as("after " + restarts).isTrue();
      restart();
    }
    assertThat(check.refused()).isZero();
  }

  /** An epoch was invented, so the grants went to the limit, and two edits went past it. */
  @Test
  void anEpochPastTheLimitIsFollowedAfterARestartOnceItIsProven() {
    intent(OLD, "a", "evil");
    reports.put("evil", report(new Rank(0, epochs().getFirst() + 1), null));
    intent(OLD, "a", "evil");
    intent(NEW, "a", "evil");
    intent(OLD, "a", "evil");
    honest("a");
    restart();
    now = now.plusSeconds(1);

    intent(NEW, "a", "evil");
    assertThat(obeys("a")).isFalse();
    intent(NEW, "a", "evil");

    assertThat(obeys("a")).isTrue();
    assertThat(raised).isEmpty();
    var before = inForce;
    intent(NEW, "a", "evil");
    assertThat(inForce).isEqualTo(before);
  }

  @Test
  void aProofOfAnotherReleaseIsNoneForThisOne() {
    intent(OLD, "a");
    long beyond = new RankPolicy(0, now).limit() + 7;
    var other = KEY.sign(grant("33-44", new Rank(0, beyond)));
    reports.put("evil", report(new Rank(0, beyond), other));

    intent(NEW, "a");

    assertThat(epochs()).allMatch(epoch -> epoch < beyond);
  }

  @Test
  void aProofThatAnotherKeySignedIsNone() {
    intent(OLD, "evil");
    var rank = new Rank(0, Rank.LIMIT);
    var forged = SigningKey.generate().sign(grant(rank));
    reports.put("evil", report(rank, forged));

    intent(NEW, "evil");

    assertThat(raised).isEmpty();
  }

  @Test
  void anOldProofBeginsNoSecondReign() {
    var rank = new Rank(0, now.plus(Duration.ofDays(400)).toEpochMilli());
    reports.put("evil", report(rank, KEY.sign(grant(rank))));
    intent(OLD, "evil");
    for (int look = 0; look < 5; look++) {
      now = now.plusSeconds(1);
      reports.put("evil", report(new Rank(9, 1 + look), KEY.sign(grant(rank))));
      intent(NEW, "evil");
    }
    assertThat(raised).containsExactly(1L);
  }

  /** Whatever liars say, whenever the operator forgets: honest nodes end where they are wanted. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void honestNodesConvergeWhateverOthersReport(long seed) {
    var random = new Random(seed);
    String[] nodes = {"honest-1", "honest-2", "liar-1", "liar-2"};
    for (int step = 0; step < 100; step++) {
      now = now.plusMillis(random.nextInt(60_000));
      switch (random.nextInt(6)) {
        case 0 -> restart();
        case 1 -> now = now.plusSeconds(random.nextInt(7200) - 3600L);
        case 2 -> honest("honest-1");
        case 3 -> honest("honest-2");
        default -> reports.put("liar-" + (1 + random.nextInt(2)), lie(random));
      }
      intent(random.nextBoolean() ? OLD : NEW, nodes);
    }
    for (int round = 0; round < 4; round++) {
      intent(NEW, nodes);
      honest("honest-1");
      honest("honest-2");
      now = now.plusSeconds(1);
    }
    assertThat(List.of("honest-1", "honest-2"))
        .as("seed %d", seed)
        .allMatch(node -> GrantSet.own(recorded.get(node)).content().equals(NEW));
    assertThat(raised.stream().distinct()).hasSameSizeAs(raised).hasSizeLessThan(100);
  }

  private NodeReport lie(Random random) {
    long epoch = random.nextBoolean() ? Rank.LIMIT : now.toEpochMilli() + random.nextInt(700_000);
    var rank = new Rank(random.nextBoolean() ? 0 : random.nextInt(1000), epoch);
    SignedGrant old = inForce.isEmpty() ? null : inForce.get(random.nextInt(inForce.size()));
    return report(rank, random.nextBoolean() ? old : null);
  }

  /** What each honest node has recorded. */
  private final Map<String, SignedGrant> recorded = new HashMap<>();

  /** The node looks at its grant and reports, as the peer does. */
  private void honest(String node) {
    if (inForce.isEmpty()) {
      return; // the operator has just restarted
    }
    SignedGrant offered = of(node);
    SignedGrant held = recorded.get(node);
    if (held == null || !GrantSet.own(offered).rank().isBelow(GrantSet.own(held).rank())) {
      recorded.put(node, offered);
      reports.put(node, report(GrantSet.own(offered).rank(), null));
    } else {
      reports.put(node, report(GrantSet.own(held).rank(), held));
    }
  }

  private boolean obeys(String node) {
    honest(node);
    return recorded.get(node).equals(of(node));
  }

  private SignedGrant of(String node) {
    return inForce.stream()
        .filter(signed -> GrantSet.own(signed).nodes().contains(node))
        .findFirst()
        .orElseThrow();
  }

  private void intent(Content content, String... nodes) {
    Map<String, NodeIntent> intents = new TreeMap<>();
    for (String node : nodes) {
      intents.put(node, NodeIntent.activate(content));
    }
    var fleet = fleet();
    RankPolicy rankPolicy =
        check.rankPolicy("11-22", fleet, inForce.stream().map(GrantSet::own).toList(), now);
    inForce =
        new GrantSet(
                "11-22",
                new ReleaseName("search", "model"),
                Given.SCOPE,
                "default",
                4,
                Retention.NONE,
                NodeLimits.NONE)
            .issue(intents, inForce, GrantSet.reported(fleet), rankPolicy, KEY);
  }

  private ReleaseFleet fleet() {
    return new ReleaseFleet(null, reports);
  }

  private void restart() {
    inForce = List.of();
    check = new RankCheck(() -> reign, this::raise, KEY::signedGrant);
  }

  private void raise(long to) {
    raised.add(to);
    reign = to;
  }

  private List<Long> epochs() {
    return inForce.stream().map(signed -> GrantSet.own(signed).epoch()).toList();
  }

  private static NodeReport report(Rank rank, SignedGrant proof) {
    return new NodeReport(
        "11-22",
        new ReleaseName("search", "model"),
        "default",
        rank.reign(),
        rank.epoch(),
        NodeReport.State.ACTIVE,
        null,
        null,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        0,
        proof,
        null);
  }

  private static Grant grant(Rank rank) {
    return grant("11-22", rank);
  }

  private static Grant grant(String uid, Rank rank) {
    return new Grant(
        uid,
        new ReleaseName("search", "model"),
        "ns-1",
        "default",
        4,
        rank.reign(),
        rank.epoch(),
        Grant.Action.REMOVE,
        null,
        null,
        List.of(),
        DeletionPolicy.DELETE,
        List.of("evil"));
  }
}

package dev.corvid.operator.release.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.testing.TestFleet;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.node.NodeReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrphanCollectorTest {
  private static final Instant GRANTED = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant DEFINED = GRANTED.minusSeconds(60);
  private static final SigningKey KEY = SigningKey.generate();
  private static final RankCheck RANKS = new RankCheck(() -> 0, reign -> {}, KEY::signedGrant);

  private Instant now = GRANTED.plus(Duration.ofDays(1));
  private final TestFleet fleet = new TestFleet(() -> Given.UPTIME).full("a", "b");
  private final TrackerOutbox outbox = new TrackerOutbox();

  @Test
  void tellsANodeToRemoveWhatNobodyKnows() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());

    sweep(Optional.of(DEFINED), Set.of(), List.of(), 10);

    Grant grant = GrantSet.own(outbox.get("gone").orElseThrow().grants().getFirst());
    assertThat(grant.action()).isEqualTo(Grant.Action.REMOVE);
    assertThat(grant.nodes()).containsExactly("a");
    assertThat(grant.epoch()).isGreaterThan(GRANTED.toEpochMilli());
  }

  @Test
  void removesNothingWithoutTheDefinition() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());

    sweep(Optional.empty(), Set.of(), List.of(), 10);

    assertThat(outbox.get("gone")).isEmpty();
  }

  @Test
  void removesNothingThatIsOlderThanARecreatedDefinition() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());

    sweep(Optional.of(GRANTED.plusSeconds(1)), Set.of(), List.of(), 10);

    assertThat(outbox.get("gone")).isEmpty();
  }

  @Test
  void leavesTheDirectoryToAReleaseThatWasMadeAgain() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());

    sweep(Optional.of(DEFINED), Set.of(), List.of(Given.release("suspend: false")), 10);

    assertThat(outbox.get("gone")).isEmpty();
  }

  @Test
  void leavesNamespacesThatItDoesNotWatch() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());

    sweep(Optional.of(DEFINED), Set.of("another"), List.of(), 10);

    assertThat(outbox.get("gone")).isEmpty();
  }

  @Test
  void tellsATenthOfTheNodesAMinute() {
    String[] nodes = IntStream.range(0, 25).mapToObj(i -> "n" + i).toArray(String[]::new);
    fleet.full(nodes);
    for (String node : nodes) {
      fleet.reports("gone", node, State.ACTIVE, GRANTED.toEpochMilli());
    }
    var orphans = orphans(Optional.of(DEFINED), Set.of());

    orphans.sweep(List.of(), 25, Given.uptime(now));
    orphans.sweep(List.of(), 25, Given.uptime(now));
    assertThat(told()).isEqualTo(3);

    now = now.plusSeconds(61);
    orphans.sweep(List.of(), 25, Given.uptime(now));
    assertThat(told()).isEqualTo(6);
  }

  @Test
  void forgetsWhatEveryNodeHasRemoved() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());
    var orphans = orphans(Optional.of(DEFINED), Set.of());
    orphans.sweep(List.of(), 10, Given.uptime(now));

    fleet.reports("gone", "a", State.REMOVED, now.toEpochMilli());
    orphans.sweep(List.of(), 10, Given.uptime(now));

    assertThat(outbox.get("gone")).isEmpty();
    assertThat(fleet.fleetCache().releaseUids()).isEmpty();
  }

  @Test
  void tellsANodeOfAFewReleasesAtATime() {
    for (int i = 0; i < 9; i++) {
      fleet.reports("gone-" + i, "a", State.ACTIVE, GRANTED.toEpochMilli());
    }
    var orphans = orphans(Optional.of(DEFINED), new OrphanCollector.Bounds(Set.of(), 3, 100));

    orphans.sweep(List.of(), 10, Given.uptime(now));
    orphans.sweep(List.of(), 10, Given.uptime(now));

    assertThat(fleetCache()).filteredOn(uid -> outbox.get(uid).isPresent()).hasSize(3);
  }

  @Test
  void tellsOfAFewReleasesAtATimeHoweverManyNodesReportThem() {
    for (int i = 0; i < 9; i++) {
      fleet.reports("gone-" + i, "n" + i, State.ACTIVE, GRANTED.toEpochMilli());
    }
    var orphans = orphans(Optional.of(DEFINED), new OrphanCollector.Bounds(Set.of(), 3, 4));

    orphans.sweep(List.of(), 1000, Given.uptime(now));
    orphans.sweep(List.of(), 1000, Given.uptime(now));
    assertThat(fleetCache()).filteredOn(uid -> outbox.get(uid).isPresent()).hasSize(4);

    fleet.reports("gone-0", "n0", State.REMOVED, now.toEpochMilli());
    orphans.sweep(List.of(), 1000, Given.uptime(now));
    orphans.sweep(List.of(), 1000, Given.uptime(now));
    assertThat(fleetCache()).filteredOn(uid -> outbox.get(uid).isPresent()).hasSize(4);
    assertThat(outbox.get("gone-0")).isEmpty();
  }

  @Test
  void remembersWhatANodeRetained() {
    fleet.reports("gone", "a", State.REMOVED, now.toEpochMilli(), "namespace-1");

    sweep(Optional.of(DEFINED), Set.of(), List.of(), 10);

    assertThat(fleet.fleetCache().releaseUids()).containsExactly("gone");
  }

  @Test
  void anEpochThatANodeInventsIsNotThatOfARemoval() {
    fleet.reports("gone", "a", State.ACTIVE, GRANTED.toEpochMilli());
    fleet.reports("gone", "b", State.ACTIVE, Rank.LIMIT);

    sweep(Optional.of(DEFINED), Set.of(), List.of(), 100);
    now = now.plusSeconds(61);
    sweep(Optional.of(DEFINED), Set.of(), List.of(), 100);

    assertThat(outbox.get("gone").orElseThrow().grants())
        .allMatch(signed -> GrantSet.own(signed).epoch() <= now.plusSeconds(600).toEpochMilli());
  }

  private Set<String> fleetCache() {
    return fleet.fleetCache().releaseUids();
  }

  private int told() {
    return outbox.get("gone").orElseThrow().grants().stream()
        .mapToInt(signed -> GrantSet.own(signed).nodes().size())
        .sum();
  }

  private void sweep(
      Optional<Instant> defined, Set<String> watched, List<SwarmRelease> known, int nodes) {
    orphans(defined, watched).sweep(known, nodes, Given.uptime(now));
  }

  private OrphanCollector orphans(Optional<Instant> defined, Set<String> watched) {
    return orphans(defined, new OrphanCollector.Bounds(watched));
  }

  private OrphanCollector orphans(Optional<Instant> defined, OrphanCollector.Bounds bounds) {
    return new OrphanCollector(
        fleet.fleetCache(), outbox, () -> KEY, RANKS, () -> defined, bounds, () -> now);
  }
}

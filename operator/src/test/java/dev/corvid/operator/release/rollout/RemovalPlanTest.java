package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.unheard;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which nodes that no longer match are told to remove the release: the table of situations. */
class RemovalPlanTest {
  private final RemovalRate rate = new RemovalRate();

  @Test
  void oneOfManyIsToldAtOnce() {
    var seen = leaving(selection(serving("a", NEW), serving("b", NEW)), serving("z", NEW));

    assertThat(told(seen)).containsExactly("z");
  }

  @Test
  void nothingIsRemovedWhenNoNodeMatches() {
    var typo = leaving(selection(), serving("a", NEW), serving("b", NEW), serving("c", NEW));

    RemovalPlan removal = removal(release(1), typo);

    assertThat(removal.told()).isEmpty();
    assertThat(removal.hold().reason()).isEqualTo("BelowMinimum");
    assertThat(removal.hold().message())
        .startsWith("3 nodes that hold the release no longer match spec.nodes.selector, and of the")
        .contains("1 that spec.nodes.minimum asks for 0 match: nothing is removed from a, b, c. ")
        .endsWith(
            "kubectl -n search annotate swr model corvid.dev/allow-removal=4 --overwrite"
                + " --field-manager=corvid-user");
  }

  @Test
  void nothingIsRemovedWhenNoNodeMatchesAndNoMinimumIsWritten() {
    RemovalPlan whole = removal(release(null), leaving(selection(), serving("a", NEW)));
    RemovalPlan half = removal(release(null), leaving(selection(), downloading("a", NEW, null)));

    assertThat(whole.told()).isEmpty();
    assertThat(whole.hold().message())
        .startsWith(
            "1 node that holds the release no longer matches spec.nodes.selector, and no other node"
                + " matches: nothing is removed from a. ");
    assertThat(half.told()).isEmpty();
    assertThat(half.hold().reason()).isEqualTo("BelowMinimum");
  }

  @Test
  void namesTheChartWhereItLetsNoPeerRunOnTheNodesThatMatch() {
    NodeSelection typo = leaving(selection(), serving("a", NEW));
    var excluding =
        new NodeSelection(
            List.of(),
            List.of(),
            typo.leaving(),
            new NodeSelection.Silent(true, Set.of(), 0),
            2,
            null);

    assertThat(removal(release(null), excluding).hold().message())
        .startsWith(
            "1 node that holds the release no longer matches spec.nodes.selector, and on the 2 that"
                + " match no Corvid peer is to run: nothing is removed from a. ")
        .contains("or `images.architectures` or `peer` in the chart's values; to remove it");
    assertThat(removal(release(1), excluding).hold().message())
        .contains(
            "that spec.nodes.minimum asks for 0 match (no Corvid peer is to run on 2 more): ");
  }

  @Test
  void nothingIsRemovedBelowTheMinimum() {
    var two = selection(serving("a", NEW), serving("b", NEW));

    assertThat(removal(release(3), leaving(two, serving("z", NEW))).hold().reason())
        .isEqualTo("BelowMinimum");
    assertThat(removal(release(2), leaving(two, serving("z", NEW))).told()).hasSize(1);
  }

  @Test
  void nothingIsRemovedWhenMoreThanHalfWouldLoseIt() {
    var most = leaving(selection(serving("a", NEW)), serving("y", NEW), serving("z", NEW));
    var half = leaving(selection(serving("a", NEW)), serving("z", NEW));

    assertThat(removal(release(0), most).hold().message())
        .startsWith("2 of the 3 nodes that serve the release no longer match");
    assertThat(told(half)).containsExactly("z");
  }

  @Test
  void aPoolIsLeftOnceOneAsLargeServes() {
    SelectedNode[] old = {serving("y", NEW), serving("z", NEW)};

    assertThat(told(leaving(selection(fresh("a"), fresh("b")), old))).isEmpty();
    assertThat(told(leaving(selection(serving("a", NEW), downloading("b", NEW, null)), old)))
        .isEmpty();
    assertThat(told(leaving(selection(serving("a", NEW), placed("b", NEW)), old))).isEmpty();
    assertThat(told(leaving(selection(serving("a", NEW), serving("b", NEW)), old)))
        .containsExactly("y");
  }

  @Test
  void aPoolIsNotLeftForAFewNodes() {
    var few = selection(serving("a", NEW));

    assertThat(removal(release(1), leaving(few, serving("y", OLD), serving("z", OLD))).hold())
        .isNotNull();
  }

  @Test
  void theLastCopiesStay() {
    var placing = leaving(selection(downloading("a", NEW, null)), placed("z", NEW));

    assertThat(removal(release(1), placing).hold().message())
        .startsWith("the 1 node that holds the release no longer matches spec.nodes.selector: ");
    assertThat(removal(release(1), leaving(selection(), serving("z", NEW))).hold().message())
        .startsWith("1 node that holds the release no longer matches spec.nodes.selector, and of");
  }

  @Test
  void nodesThatHoldNothingYetAreTold() {
    var wrongPool = leaving(selection(fresh("a")), downloading("z", NEW, null));

    assertThat(told(wrongPool)).containsExactly("z");
  }

  @Test
  void anAnnotationForThisGenerationAllowsAll() {
    var typo = leaving(selection(), serving("a", NEW), serving("b", NEW));

    assertThat(removal(annotated(4), typo).told()).containsExactly("a");
    assertThat(removal(annotated(4), typo).hold()).isNull();
    assertThat(removal(annotated(3), typo).hold().message())
        .contains(
            "; corvid.dev/allow-removal is for generation 3, and the spec has 4; to remove it"
                + " there: kubectl ");
  }

  @Test
  void aTenthIsToldAMinute() {
    SelectedNode[] stay = many("a", 15);
    SelectedNode[] leave = many("z", 10);
    var seen = leaving(selection(stay), leave);

    RemovalPlan first = removal(release(1), seen);
    assertThat(first.told()).containsExactly("z00", "z01", "z02");
    assertThat(first.recheck()).contains(Given.uptime(NOW.plusSeconds(60)));
    assertThat(removal(release(1), seen, first.told(), NOW.plusSeconds(59)).told()).hasSize(3);
    assertThat(removal(release(1), seen, first.told(), NOW.plusSeconds(60)).told()).hasSize(6);
  }

  @Test
  void aNodeThatComesAndGoesCountsOnceAMinute() {
    var seen = leaving(selection(serving("a", NEW), serving("b", NEW)), serving("z", NEW));

    assertThat(told(seen)).containsExactly("z");
    assertThat(told(seen)).containsExactly("z");
  }

  @Test
  void thoseThatHearItComeFirst() {
    var away = with(serving("y", NEW), Reachability.UNREACHABLE);
    var seen = leaving(selection(serving("a", NEW), serving("b", NEW)), away, serving("z", NEW));

    assertThat(told(seen)).containsExactly("z");
  }

  @Test
  void aNodeWithAPodThatUsesItIsNotToldButCounts() {
    var half = leaving(selection(serving("a", NEW)), serving("z", NEW));
    var most = leaving(selection(serving("a", NEW)), serving("y", NEW), serving("z", NEW));

    assertThat(removal(half, () -> Set.of("z")).told()).isEmpty();
    assertThat(removal(most, () -> Set.of("z")).hold()).isNotNull();
  }

  @Test
  void podsAreNotAskedForWhileItIsHeld() {
    var typo = leaving(selection(), serving("a", NEW));

    removal(
        typo,
        () -> {
          throw new AssertionError("asked");
        });
  }

  @Test
  void noFurtherNodeIsToldBeforeEveryNodeHasReported() {
    var seen = leaving(selection(serving("a", NEW), serving("b", NEW)), serving("z", NEW));

    assertThat(removal(release(1), unheard(seen)).told()).isEmpty();
    assertThat(removal(release(1), unheard(seen), Set.of("z"), NOW).told()).containsExactly("z");
  }

  @Test
  void nodesThatHaveNotReportedSinceTheStartLeaveAsTheStatusSays() {
    var back = leaving(selection(serving("a", NEW), serving("b", NEW)), serving("x", NEW));

    RemovalPlan held = removal(holding(5), unknown(back, "y", "z"));

    assertThat(held.told()).isEmpty();
    assertThat(held.hold().message())
        .startsWith(
            "3 of the 5 nodes that serve the release no longer match spec.nodes.selector (2 of them"
                + " by the last status: they have not reported since): nothing is removed from x."
                + " ");
    assertThat(removal(holding(3), unknown(back, "y", "z")).told()).containsExactly("x");
    assertThat(removal(holding(5), back).told()).as("deleted").containsExactly("x");
  }

  @Test
  void aHoldStaysWhenNoNodeThatLeavesHasReported() {
    var away = unknown(selection(serving("a", NEW)), "y", "z");

    assertThat(removal(holding(3), away).hold().message())
        .startsWith("2 of the 3 nodes that serve the release no longer match")
        .contains(
            "nothing is removed. What nodes that have not reported hold is known once they report;"
                + " if one never will, delete its Node; to remove it there: ");
    assertThat(removal(holding(2), away).hold()).isNull();
    var allowed = holding(3);
    allowed.getMetadata().setAnnotations(Map.of(SafetyOverrides.REMOVAL, "4"));
    assertThat(removal(allowed, away).hold()).isNull();
  }

  @Test
  void countsTheNodesThatHoldItUntilTheyAreKnownNotTo() {
    var heard =
        new Situation("", leaving(selection(serving("a", NEW), fresh("b")), serving("z", OLD)))
            .wanting();
    assertThat(heard.status().nodes().holding()).isEqualTo(2);

    var away =
        new NodeSelection(
            List.of(),
            List.of(),
            List.of(),
            new NodeSelection.Silent(true, Set.of("a", "b", "z"), 0),
            0,
            null);
    var restarted =
        new Situation("", new EarlierHolders().awaitedIn(away, 2)).after(heard.status());
    assertThat(restarted.status().nodes().holding()).isEqualTo(2);
    assertThat(new Situation("", selection()).after(heard.status()).status().nodes().holding())
        .isZero();
  }

  @Test
  void aNodeWhosePeerIsBeingReplacedStays() {
    var replaced = absent(leaving(selection(), serving("z", NEW)), serving("a", NEW));

    assertThat(told(replaced)).containsExactly("z");
  }

  @Test
  void aNodeThatWasToldIsCalledBackWhenItIsHeld() {
    var typo = leaving(selection(), serving("a", NEW), serving("b", NEW));

    assertThat(removal(release(1), typo, Set.of("a"), NOW).told()).isEmpty();
  }

  private Set<String> told(NodeSelection selection) {
    return removal(release(1), selection).told();
  }

  private RemovalPlan removal(SwarmRelease release, NodeSelection selection) {
    return removal(release, selection, Set.of(), NOW);
  }

  private RemovalPlan removal(
      SwarmRelease release, NodeSelection selection, Set<String> removing, Instant now) {
    List<Grant> grants =
        removing.stream().map(node -> Given.grant(node, NodeIntent.REMOVE)).toList();
    int held = release.getStatus() == null ? 0 : NodeCounts.held(release.getStatus()).orElse(0);
    NodeSelection first = new EarlierHolders().awaitedIn(selection, held);
    return RemovalPlan.of(release, first, grants, Given.uptime(now), Set::of, rate);
  }

  private RemovalPlan removal(NodeSelection selection, Supplier<Set<String>> used) {
    return RemovalPlan.of(release(1), selection, List.of(), Given.uptime(NOW), used, rate);
  }

  private static SelectedNode[] many(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> serving("%s%02d".formatted(prefix, i), NEW))
        .toArray(SelectedNode[]::new);
  }

  private static NodeSelection unknown(NodeSelection selection, String... nodes) {
    return new NodeSelection(
        selection.desired(),
        selection.absent(),
        selection.leaving(),
        new NodeSelection.Silent(true, Set.of(nodes), 0),
        0,
        null);
  }

  /** So many held it when the status was written. */
  private static SwarmRelease holding(int nodes) {
    SwarmRelease release = release(1);
    release.setStatus(
        Serialization.unmarshal("nodes: {holding: %d}".formatted(nodes), SwarmReleaseStatus.class));
    return release;
  }

  private static SwarmRelease annotated(long generation) {
    SwarmRelease release = release(1);
    release.getMetadata().setAnnotations(Map.of(SafetyOverrides.REMOVAL, "" + generation));
    return release;
  }

  private static SwarmRelease release(Integer minimum) {
    return Serialization.unmarshal(
        """
        metadata: {name: model, namespace: search, uid: 11-22, generation: 4}
        spec: {source: {http: {url: "https://a/m"}}, nodes: {selector: {}, minimum: %d}}
        """
            .formatted(minimum),
        SwarmRelease.class);
  }
}

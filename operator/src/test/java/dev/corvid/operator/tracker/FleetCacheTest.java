package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.tracker.FleetCache.Contact;
import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetCacheTest {
  private final FleetCache fleetCache = new FleetCache(Uptime::now);

  @Test
  void knowsNothingUntilATrackerSpeaks() {
    assertThat(fleetCache.since()).isEmpty();
    assertThat(fleetCache.lostSince()).isPresent();
    assertThat(fleetCache.contact("a")).isEqualTo(Contact.UNHEARD);
  }

  @Test
  void countsTheTrackersSilenceFromTheFirstQuestionThatItDidNotAnswer() {
    var asked = new Uptime(0);
    assertThat(fleetCache.connected()).isTrue();
    assertThat(fleetCache.connected()).isFalse();

    assertThat(fleetCache.disconnected(asked)).isTrue();
    assertThat(fleetCache.disconnected(asked.plus(Duration.ofSeconds(9)))).isFalse();

    assertThat(fleetCache.lostSince()).contains(asked);
    assertThat(fleetCache.connected()).isTrue();
    assertThat(fleetCache.lostSince()).isEmpty();
  }

  @Test
  void tellsWhichReleasesAnAnswerConcerns() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));

    assertThat(fleetCache.merge(fleet(false, List.of(), report("r1", "a")))).containsExactly("r1");
    assertThat(fleetCache.merge(fleet(false, List.of(node("a", true)))))
        .containsExactlyInAnyOrder("r1", "r2");
    assertThat(fleetCache.contact("a")).isEqualTo(Contact.SILENT);
  }

  @Test
  void remembersWhatANodeSaidToAnEarlierTrackerUntilItSpeaksToTheNewOne() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a")));

    fleetCache.merge(fleet(true, List.of()));

    assertThat(fleetCache.contact("a")).isEqualTo(Contact.UNHEARD);
    assertThat(fleetCache.of("r1").nodes()).containsKey("a");
  }

  @Test
  void forgetsWhatANodeDoesNotRepeatToTheNewTracker() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));
    fleetCache.merge(fleet(true, List.of()));

    fleetCache.merge(fleet(false, List.of(node("a", false)), report("r2", "a")));

    assertThat(fleetCache.of("r1").nodes()).isEmpty();
    assertThat(fleetCache.of("r2").nodes()).containsKey("a");
  }

  @Test
  void takesWhatIsAbsentForUnknownOnlyWhenEveryPartIsThere() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));
    assertThat(fleetCache.merge(part(true, List.of(node("a", true))))).isEmpty();
    assertThat(fleetCache.contact("a")).isEqualTo(Contact.REPORTING);
    assertThat(fleetCache.of("r1").nodes()).containsKey("a");

    assertThat(fleetCache.merge(part(false, List.of(node("b", false)), report("r3", "b"))))
        .isEmpty();
    assertThat(fleetCache.contact("b")).isEqualTo(Contact.UNHEARD);
    assertThat(fleetCache.of("r3").nodes()).containsKey("b");

    assertThat(fleetCache.merge(fleet(false, List.of(), report("r1", "a"))))
        .containsExactlyInAnyOrder("r1", "r2", "r3");
    assertThat(fleetCache.contact("a")).isEqualTo(Contact.SILENT);
    assertThat(fleetCache.contact("b")).isEqualTo(Contact.REPORTING);
    assertThat(fleetCache.of("r1").nodes()).containsKey("a");
    assertThat(fleetCache.of("r2").nodes()).isEmpty();
    assertThat(fleetCache.of("r3").nodes()).containsKey("b");
  }

  @Test
  void beginsAgainWhenTheTrackerRestartsBetweenTwoParts() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a")));
    fleetCache.merge(
        part(true, List.of(node("a", false), node("gone", false)), report("r1", "gone")));

    fleetCache.merge(part(true, List.of(node("a", false))));
    fleetCache.merge(fleet(false, List.of(), report("r2", "a")));

    assertThat(fleetCache.contact("a")).isEqualTo(Contact.REPORTING);
    assertThat(fleetCache.contact("gone")).isEqualTo(Contact.UNHEARD);
    assertThat(fleetCache.of("r1").nodes()).containsOnlyKeys("gone");
    assertThat(fleetCache.of("r2").nodes()).containsOnlyKeys("a");
  }

  @Test
  void forgetsSilentNodesThatNoLongerExist() {
    fleetCache.merge(
        fleet(
            true,
            List.of(node("a", true), node("b", false)),
            report("r1", "a"),
            report("r1", "b")));

    fleetCache.retainNodes(Set.of());

    assertThat(fleetCache.of("r1").nodes()).containsOnlyKeys("b");
    assertThat(fleetCache.contact("a")).isEqualTo(Contact.UNHEARD);
  }

  @Test
  void knowsAReleaseByNoNameThatNoNodeReportsItUnderAnyMore() {
    fleetCache.merge(fleet(true, List.of(node("a", false)), report("r1", "a", "n0")));
    for (int i = 1; i < 100; i++) {
      fleetCache.merge(fleet(false, List.of(), report("r1", "a", "n" + i)));
    }
    assertThat(fleetCache.releasesByName(new ReleaseName("search", "n0"))).isEmpty();
    assertThat(fleetCache.releasesByName(new ReleaseName("search", "n99"))).hasSize(1);

    fleetCache.merge(fleet(true, List.of(node("a", false))));
    assertThat(fleetCache.releasesByName(new ReleaseName("search", "n99"))).isEmpty();
  }

  private static Fleet fleet(boolean full, List<Fleet.Node> nodes, Fleet.Release... releases) {
    return new Fleet("i", 1, full, false, nodes, List.of(releases));
  }

  private static Fleet part(boolean full, List<Fleet.Node> nodes, Fleet.Release... releases) {
    return new Fleet("i", 1, full, true, nodes, List.of(releases));
  }

  private static Fleet.Node node(String name, boolean silent) {
    return new Fleet.Node(name, silent);
  }

  private static Fleet.Release report(String uid, String node) {
    return report(uid, node, uid);
  }

  private static Fleet.Release report(String uid, String node, String name) {
    var report =
        new NodeReport(
            uid,
            new ReleaseName("search", name),
            "default",
            0,
            1,
            State.WAITING,
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
            null,
            null);
    return new Fleet.Release(uid, null, List.of(new Fleet.NodeState(node, report)));
  }
}

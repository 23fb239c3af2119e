package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.tracker.FleetView.Contact;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Fleet;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.NodeReport.State;
import dev.corvid.wire.ReleaseName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetViewTest {
  private final FleetView view = new FleetView(Uptime::now);

  @Test
  void knowsNothingUntilATrackerSpeaks() {
    assertThat(view.since()).isEmpty();
    assertThat(view.lostSince()).isPresent();
    assertThat(view.contact("a")).isEqualTo(Contact.UNHEARD);
  }

  @Test
  void countsTheTrackersSilenceFromTheFirstQuestionThatItDidNotAnswer() {
    var asked = new Uptime(0);
    assertThat(view.connected()).isTrue();
    assertThat(view.connected()).isFalse();

    assertThat(view.disconnected(asked)).isTrue();
    assertThat(view.disconnected(asked.plus(Duration.ofSeconds(9)))).isFalse();

    assertThat(view.lostSince()).contains(asked);
    assertThat(view.connected()).isTrue();
    assertThat(view.lostSince()).isEmpty();
  }

  @Test
  void tellsWhichReleasesAnAnswerConcerns() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));

    assertThat(view.merge(fleet(false, List.of(), report("r1", "a")))).containsExactly("r1");
    assertThat(view.merge(fleet(false, List.of(node("a", true)))))
        .containsExactlyInAnyOrder("r1", "r2");
    assertThat(view.contact("a")).isEqualTo(Contact.SILENT);
  }

  @Test
  void remembersWhatANodeSaidToAnEarlierTrackerUntilItSpeaksToTheNewOne() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a")));

    view.merge(fleet(true, List.of()));

    assertThat(view.contact("a")).isEqualTo(Contact.UNHEARD);
    assertThat(view.of("r1").nodes()).containsKey("a");
  }

  @Test
  void forgetsWhatANodeDoesNotRepeatToTheNewTracker() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));
    view.merge(fleet(true, List.of()));

    view.merge(fleet(false, List.of(node("a", false)), report("r2", "a")));

    assertThat(view.of("r1").nodes()).isEmpty();
    assertThat(view.of("r2").nodes()).containsKey("a");
  }

  @Test
  void takesWhatIsAbsentForUnknownOnlyWhenEveryPartIsThere() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a"), report("r2", "a")));
    assertThat(view.merge(part(true, List.of(node("a", true))))).isEmpty();
    assertThat(view.contact("a")).isEqualTo(Contact.REPORTING);
    assertThat(view.of("r1").nodes()).containsKey("a");

    assertThat(view.merge(part(false, List.of(node("b", false)), report("r3", "b")))).isEmpty();
    assertThat(view.contact("b")).isEqualTo(Contact.UNHEARD);
    assertThat(view.of("r3").nodes()).containsKey("b");

    assertThat(view.merge(fleet(false, List.of(), report("r1", "a"))))
        .containsExactlyInAnyOrder("r1", "r2", "r3");
    assertThat(view.contact("a")).isEqualTo(Contact.SILENT);
    assertThat(view.contact("b")).isEqualTo(Contact.REPORTING);
    assertThat(view.of("r1").nodes()).containsKey("a");
    assertThat(view.of("r2").nodes()).isEmpty();
    assertThat(view.of("r3").nodes()).containsKey("b");
  }

  @Test
  void beginsAgainWhenTheTrackerRestartsBetweenTwoParts() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a")));
    view.merge(part(true, List.of(node("a", false), node("gone", false)), report("r1", "gone")));

    view.merge(part(true, List.of(node("a", false))));
    view.merge(fleet(false, List.of(), report("r2", "a")));

    assertThat(view.contact("a")).isEqualTo(Contact.REPORTING);
    assertThat(view.contact("gone")).isEqualTo(Contact.UNHEARD);
    assertThat(view.of("r1").nodes()).containsOnlyKeys("gone");
    assertThat(view.of("r2").nodes()).containsOnlyKeys("a");
  }

  @Test
  void forgetsSilentNodesThatNoLongerExist() {
    view.merge(
        fleet(
            true,
            List.of(node("a", true), node("b", false)),
            report("r1", "a"),
            report("r1", "b")));

    view.retainNodes(Set.of());

    assertThat(view.of("r1").nodes()).containsOnlyKeys("b");
    assertThat(view.contact("a")).isEqualTo(Contact.UNHEARD);
  }

  @Test
  void knowsAReleaseByNoNameThatNoNodeReportsItUnderAnyMore() {
    view.merge(fleet(true, List.of(node("a", false)), report("r1", "a", "n0")));
    for (int i = 1; i < 100; i++) {
      view.merge(fleet(false, List.of(), report("r1", "a", "n" + i)));
    }
    assertThat(view.namesakes(new ReleaseName("search", "n0"))).isEmpty();
    assertThat(view.namesakes(new ReleaseName("search", "n99"))).hasSize(1);

    view.merge(fleet(true, List.of(node("a", false))));
    assertThat(view.namesakes(new ReleaseName("search", "n99"))).isEmpty();
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

package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.wire.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A release that makes no progress names what it waits for. */
class BlockerTest {
  private final Situation fetching = new Situation("", selection(fresh("a"))).overdue();

  @Test
  void ofASourceThatSendsNothing() {
    assertThat(fetching.fetched(5 << 20, 1 << 30).message())
        .startsWith("no progress on any node for ")
        .endsWith(": the source sends nothing; 5Mi came");
    assertThat(fetching.waitingFor("waiting for the first byte of https://a/m").message())
        .endsWith(": waiting for the first byte of https://a/m");
  }

  @Test
  void ofASeederThatDoesNotStart() {
    assertThat(fetching.message()).endsWith(": the seeder has not started");
    assertThat(fetching.starting("the pod x runs, and has not reported to the tracker").message())
        .endsWith(": the pod x runs, and has not reported to the tracker");
  }

  @Test
  void ofNodesThatReceiveNothing() {
    var none = selection(downloading("a", NEW, null), downloading("b", NEW, null));
    var some = selection(downloading("a", NEW, null), serving("b", NEW));

    assertThat(overdue(none).seeding(0).message())
        .contains("a has 40 of 100 and receives nothing (and 1 more); the seeder has sent nothing")
        .contains("port 6881");
    assertThat(overdue(none).message()).endsWith("no node has all of it, and there is no seeder");
    assertThat(overdue(some).message()).endsWith(": a has 40 of 100 and receives nothing");
  }

  @Test
  void ofNodesThatDoNotAnswerOrDoNotSwitch() {
    assertThat(overdue(selection(fresh("a"), serving("b", NEW))).message())
        .endsWith(": a has not acknowledged its last grant");
    assertThat(overdue(selection(placed("a", NEW, OLD), serving("b", NEW))).message())
        .endsWith(": a holds it and has yet to switch");
    assertThat(
            overdue(selection(serving("a", NEW), with(fresh("b"), Reachability.PENDING))).message())
        .endsWith(": waiting for the reports of 1 of 2 nodes");
  }

  @Test
  void ofANodeThatSaysWhatItLacks() {
    SelectedNode alone = downloading("a", NEW, null);
    var report = alone.report().noting(Reason.NoSeedsReachable, "nobody answers");
    var node = new SelectedNode("a", Reachability.REACHABLE, report, Map.of());

    assertThat(overdue(selection(node, serving("b", NEW))).message())
        .endsWith(": a: nobody answers");
  }

  private static Situation overdue(NodeSelection selection) {
    return new Situation("", selection).wanting().overdue();
  }
}

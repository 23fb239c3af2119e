package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.testing.SchemaBounds;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever nodes, seeders and the API server say, the status that is made of it fits into the CRD:
 * one that did not would be refused at each try, and the release would never change again.
 */
class StatusBoundsTest {
  private static final String ENDLESS = "\u001b\ud83d\ude80 a".repeat(5_000);

  @Test
  void whatNodesReportFits() {
    SelectedNode[] nodes =
        IntStream.range(0, 60)
            .mapToObj(i -> failed("n".repeat(250) + i))
            .toArray(SelectedNode[]::new);
    var situation = new Situation("", selection(nodes)).wanting();

    assertThat(SchemaBounds.violations(situation.status())).isEmpty();
    assertThat(situation.status().failures()).hasSize(20);
    assertThat(SchemaBounds.violations(situation.overdue().trackerLost().status())).isEmpty();
  }

  @Test
  void whatSeedersReportFits() {
    var situation = new Situation("", selection(serving("a", NEW)));

    assertThat(
            SchemaBounds.violations(situation.fetched(Rank.LIMIT, Rank.LIMIT).overdue().status()))
        .isEmpty();
    assertThatThrownBy(() -> situation.fetched(Rank.LIMIT + 1, 0))
        .hasMessageContaining("originBytes");
    assertThat(SchemaBounds.violations(situation.waitingFor(ENDLESS).status())).isEmpty();
    assertThat(SchemaBounds.violations(situation.wanting().published(ENDLESS).status())).isEmpty();
    assertThat(SchemaBounds.violations(situation.starting(ENDLESS).status())).isEmpty();
  }

  @Test
  void whatThousandsOfNodesSaveFits() {
    var large = new Content(NEW.manifestDigest(), NEW.infoHash(), 1 << 24, 1L << 50, 1);
    SelectedNode[] nodes =
        IntStream.range(0, 100).mapToObj(i -> reusing("n" + i)).toArray(SelectedNode[]::new);
    var situation = new Situation("", selection(nodes)).wanting(large);

    assertThat(SchemaBounds.violations(situation.status())).isEmpty();
  }

  /** Such as another program, or a tenant, wrote them: they are theirs, and there is no room. */
  @Test
  void conditionsOfOthersAreNotTakenOver() {
    List<Condition> theirs =
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    new ConditionBuilder()
                        .withType("Theirs" + i)
                        .withStatus("True")
                        .withReason("Because")
                        .withMessage("")
                        .withLastTransitionTime(NOW.toString())
                        .build())
            .toList();
    var before =
        Serialization.jsonMapper()
            .convertValue(Map.of("conditions", theirs), SwarmReleaseStatus.class);
    var problem = new Problem(Reason.SeederRefused, ENDLESS);

    SwarmReleaseStatus next = StatusReport.of(problem, Given.release(""), before, NOW);

    assertThat(SchemaBounds.violations(next)).isEmpty();
    assertThat(next.conditions())
        .extracting(Condition::getType)
        .containsExactly(Conditions.READY, Conditions.STALLED);
  }

  /** One that is missing would be lost whenever the release is refused. */
  @Test
  void everyConditionIsOneOfTheOperators() throws IllegalAccessException {
    for (var constant : Conditions.class.getDeclaredFields()) {
      if (constant.getType() == String.class && Modifier.isStatic(constant.getModifiers())) {
        assertThat(Conditions.TYPES).contains((String) constant.get(null));
      }
    }
  }

  private static SelectedNode failed(String node) {
    return selectedNode(node, NodeReport.State.FAILED, 0);
  }

  private static SelectedNode reusing(String node) {
    return selectedNode(node, NodeReport.State.DOWNLOADING, Rank.LIMIT);
  }

  private static SelectedNode selectedNode(String node, NodeReport.State state, long reused) {
    var report =
        new NodeReport(
            "11-22",
            new ReleaseName("search", "model"),
            "default",
            0,
            7,
            state,
            NEW.manifestDigest(),
            null,
            List.of(),
            0,
            Rank.LIMIT,
            0,
            0,
            reused,
            state == NodeReport.State.FAILED ? Reason.InsufficientDisk : null,
            ENDLESS,
            Integer.MAX_VALUE,
            null,
            null);
    return new SelectedNode(node, SelectedNode.Reachability.REACHABLE, report, Map.of());
  }
}

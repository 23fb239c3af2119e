package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.grant.NamespaceLeftovers;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.step.Clocks;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.SigningKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantIssuerTest {
  private static final SigningKey KEY = SigningKey.generate();

  private final LoggedLines lines = new LoggedLines();
  private final GrantIssuer grantIssuer =
      new GrantIssuer(
          new TrackerOutbox(),
          () -> KEY,
          new RankCheck(() -> 0, reign -> {}, KEY::signedGrant),
          null);

  @BeforeEach
  void listen() {
    lines.listen();
  }

  @AfterEach
  void stop() {
    lines.stop();
  }

  @Test
  void logsOfEachNodeWhyItIsToRemoveTheRelease() {
    var release = Given.release("suspend: false");
    var plan =
        new RolloutPlan(
            Map.of("left", NodeIntent.REMOVE, "stays", NodeIntent.hold(Given.NEW)),
            new RolloutState.Distributing(),
            null);
    var reconcilePlan =
        new ReconcilePlan(
            new RevisionHistory(List.of()),
            null,
            plan,
            NodeFailures.NONE,
            PlannedSeeder.NONE,
            null,
            false);
    var leftovers = new NamespaceLeftovers(Set.of("former", "stays"), List.of(), true);

    grantIssuer.apply(
        Given.observed(release, Given.selection(), List.of(), Given.at(NOW)),
        reconcilePlan,
        leftovers,
        null,
        new ReconcileState(Clocks.system()));

    assertThat(lines.all())
        .extracting(line -> line.path("reason").asText() + " " + line.path("nodes").asText())
        .containsExactlyInAnyOrder("NamespaceDeleted former", "NodeLeft left");
  }
}

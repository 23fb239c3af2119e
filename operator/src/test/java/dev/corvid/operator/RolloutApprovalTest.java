package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Roll-outs that wait for a person, who decides by annotation or by the spec. */
class RolloutApprovalTest extends Installation {
  private static final String APPROVE = "corvid.dev/approve";
  private static final String HOLD = "corvid.dev/hold";
  private static final String CANARY =
      "waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {name: rest, upTo: 100%}]";

  private final TestNodes nodes = new TestNodes();
  private Content first;

  @BeforeEach
  void serveAFirstRevision() throws Exception {
    tracker.nodes(nodes);
    first = rollOut("a");
  }

  @Test
  void theCanaryWaitsForAnApprovalOfItsRevision() throws Exception {
    annotate(APPROVE, first.revision() + "/canary");
    Content second = publish("b", CANARY);

    SwarmRelease paused = awaitPaused();
    assertThat(nodes.serving(second)).containsExactly("node1");
    assertThat(ready(paused).getMessage())
        .contains(
            "kubectl -n %s annotate swr model corvid.dev/approve=%s/canary --overwrite --field-manager=corvid-user"
                .formatted(namespace, second.manifestDigest().substring("sha256:".length())));
    long generation = paused.getMetadata().getGeneration();

    annotate(APPROVE, second.revision() + "/rest");
    awaitIgnored("UnknownWave");
    annotate(APPROVE, "0123456789ab/canary");
    awaitIgnored("UnknownRevision");
    annotate(APPROVE, "x".repeat(100_000));
    SwarmRelease malformed = awaitIgnored("Malformed");
    assertThat(ready(malformed).getReason()).isEqualTo("Paused");
    assertThat(ready(malformed).getMessage())
        .contains("corvid.dev/approve has the invalid value \"xxx")
        .hasSizeLessThan(1025);
    assertThat(nodes.serving(second)).containsExactly("node1");

    annotate(APPROVE, second.manifestDigest().substring("sha256:".length()) + "/canary");
    SwarmRelease done = awaitRelease(release -> serves(release, second));
    assertThat(nodes.serving(second)).hasSize(3);
    assertThat(done.getMetadata().getGeneration()).as("the spec").isEqualTo(generation);
    assertThat(ignored(done)).isEmpty();
  }

  @Test
  void aNewRevisionIsPlacedAndWaitsUntilItIsApprovedByName() throws Exception {
    Content second = publish("b", "approval: Required, readyWhen: Distributed");
    SwarmRelease placed = awaitRelease(release -> is(release, "True", "Succeeded"));
    assertThat(ready(placed).getMessage()).contains("is placed on 3 of 3 nodes and active on 0");
    assertThat(placed.getStatus().currentRevision()).isEqualTo(first.revision());

    edit("b", "approval: Required");
    SwarmRelease waiting = awaitPaused();
    assertThat(ready(waiting).getMessage())
        .contains("%s waits for approval. To approve it: ".formatted(second.revision()))
        .endsWith(first.revision() + " is still active");
    assertThat(nodes.serving(second)).isEmpty();

    annotate(APPROVE, second.revision());
    awaitRelease(release -> serves(release, second));

    // The approval is of that one. Going back to what was active everywhere needs none.
    Content third = publish("c", "approval: Required");
    awaitPaused();
    assertThat(nodes.serving(third)).isEmpty();
    edit("b", "approval: Required");
    awaitRelease(release -> serves(release, second));
  }

  @Test
  void aCommitApprovesAndAnAnnotationThatDiffersHolds() throws Exception {
    String approved = "approval: Required, approvedRevision: '%s'";
    Content second = TestCluster.content("b");
    annotate(APPROVE, first.revision());
    publish("b", approved.formatted(second.revision()));

    SwarmRelease differing = awaitPaused();
    assertThat(ready(differing).getMessage())
        .contains(
            "spec.rollout.approvedRevision names %s and the annotation corvid.dev/approve names %s"
                .formatted(second.revision(), first.revision()));
    assertThat(nodes.serving(second)).isEmpty();

    annotate(APPROVE, null);
    awaitRelease(release -> serves(release, second));
  }

  @Test
  void aHoldStopsWhereItIsAndContinuesWhenItIsRemoved() throws Exception {
    annotate(HOLD, "true");
    Content second = publish("b", "");

    SwarmRelease held = awaitPaused();
    assertThat(ready(held).getMessage())
        .contains("kubectl -n %s annotate swr model corvid.dev/hold-".formatted(namespace));
    assertThat(held.getStatus().nodes().verified()).isEqualTo(3);
    assertThat(nodes.serving(second)).isEmpty();

    annotate(HOLD, null);
    awaitRelease(release -> serves(release, second));
  }

  @Test
  void aHoldThatIsNeitherTrueNorFalseIsToldAndHoldsNothing() throws Exception {
    annotate(HOLD, "yes");
    Content second = publish("b", "");

    SwarmRelease done = awaitRelease(release -> serves(release, second));
    assertThat(ignored(done)).isPresent();
    assertThat(ignored(done).get().getMessage())
        .isEqualTo(
            "the annotation corvid.dev/hold has the invalid value \"yes\"; set it to true or false");

    annotate(HOLD, "false");
    awaitRelease(release -> ignored(release).isEmpty());
  }

  private SwarmRelease awaitPaused() {
    return awaitRelease(release -> is(release, "False", "Paused"));
  }

  private SwarmRelease awaitIgnored(String reason) {
    return awaitRelease(
        release -> ignored(release).filter(found -> reason.equals(found.getReason())).isPresent());
  }

  private static Optional<Condition> ignored(SwarmRelease release) {
    return release.getStatus().conditions().stream()
        .filter(condition -> "AnnotationIgnored".equals(condition.getType()))
        .findFirst();
  }

  private void edit(String source, String rollout) {
    applySpec(
        "source: {http: {url: \"https://a/%s.tar.gz\"}}, rollout: {%s}".formatted(source, rollout));
  }

  /** Applies it and plays the seeder. */
  private Content publish(String source, String rollout) throws Exception {
    edit(source, rollout);
    return publish(source);
  }
}

package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.Flux;
import dev.corvid.operator.testing.FluxFigures;
import dev.corvid.operator.testing.Kustomization;
import dev.corvid.operator.testing.Kustomization.State;
import dev.corvid.operator.testing.ManagedFields;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * What Flux makes of releases that it deploys from a registry, with the manifests of {@code
 * docs/gitops.md}. What its Kustomizations said, and when, is kept in {@code target/figures}.
 */
@EnabledIfEnvironmentVariable(
    named = Flux.VARIABLE,
    matches = ".+",
    disabledReason = "make gitops runs it")
class FluxIT extends Installation {
  private static final FluxFigures FIGURES = new FluxFigures(Path.of("target/figures/gitops.txt"));
  private static final String MISMATCH = "the fetched bytes are sha256:1, not sha256:0";

  private static final String APPROVE = "corvid.dev/approve";
  private static final String HOLD = "corvid.dev/hold";
  private static final String MERGE =
      "name: model\n  annotations: {kustomize.toolkit.fluxcd.io/ssa: Merge}";
  private static final String REQUIRED = "  rollout:\n    approval: Required\n";

  /** Flux looks at what it deployed every five seconds. */
  private static final Duration TWO_LOOKS = Duration.ofSeconds(11);

  /** Flux asks its registry, and tries again what failed, every five seconds. */
  private static final Duration BOUND = Duration.ofSeconds(180);

  private static Flux flux;

  private final TestNodes nodes = new TestNodes();
  private final List<String> notes = new ArrayList<>();
  private Kustomization kustomization;

  @BeforeAll
  static void startFlux(ApiServer server) throws Exception {
    flux = Flux.start(server, Files.createDirectories(Path.of("target/flux").toAbsolutePath()));
    FIGURES.begin(flux.versions());
  }

  @AfterAll
  static void endFlux() {
    if (flux != null) {
      flux.close();
    }
  }

  @BeforeEach
  void haveNodes() {
    Awaitility.setDefaultTimeout(BOUND);
    tracker.nodes(nodes);
  }

  /** Before the releases are deleted: it would apply them again. */
  @AfterEach
  void deleteKustomization(TestInfo test) throws IOException {
    if (kustomization == null) {
      return;
    }
    tracker.nodes(nodes);
    FIGURES.add(test.getDisplayName(), kustomization.states(), notes, namespace);
    kustomization.delete();
    kustomization.close();
  }

  @Test
  void aReleaseIsInProgressForAsLongAsNoOperatorRuns() throws Exception {
    operator.close();
    String digest = push("1.0.0", release("a", ""));
    deploy("25s");

    State late = kustomization.awaitState(reason("HealthCheckFailed"));
    assertThat(late.message())
        .contains("timeout waiting for: [%s status: 'InProgress']".formatted(model()));
    assertThat(late.after()).isGreaterThan(Duration.ofSeconds(25));
    assertThat(kustomization.states()).noneMatch(state -> "True".equals(state.ready()));

    startOperator();
    seed("a", null);
    kustomization.awaitState(state -> state.isReady(digest));
  }

  /** Flux names the release that failed; why it did is in the release. */
  @Test
  void aWrongDigestFailsBeforeTheTimeoutUntilItIsMended() throws Exception {
    push("1.0.0", release("a", "digest: sha256:" + "0".repeat(64)));
    deploy("5m");
    Pod pod = seeder(null);
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid(), TestCluster.failing(pod, ADDRESS, Reason.DigestMismatch, MISMATCH));

    State failed = kustomization.awaitState(reason("HealthCheckFailed"));
    assertThat(failed.message())
        .contains(
            "failed early due to stalled resources: [%s status: 'Failed']".formatted(model()));
    assertThat(ready(release()).getMessage()).contains(MISMATCH);
    assertThat(kustomization.states()).noneMatch(state -> "True".equals(state.ready()));

    String mended = push("1.0.0", release("a", ""));
    seed("a", pod);
    kustomization.awaitState(state -> state.isReady(mended));
  }

  @Test
  void aReleaseIsDoneOnlyWhenItsNodesAre() throws Exception {
    tracker.nodes((node, grant) -> holding(grant, null));
    String digest = push("1.0.0", release("a", ""));
    deploy("5m");
    Content content = seed("a", null);
    awaitRelease(found -> is(found, "False", "Progressing") && verified(found) == 3);
    awaitNotReadyForTwoLooks(digest);

    tracker.nodes(
        (node, grant) -> node.equals("node3") ? holding(grant, null) : nodes.apply(node, grant));
    await().until(() -> nodes.serving(content).size() == 2);
    awaitNotReadyForTwoLooks(digest);

    tracker.nodes(nodes);
    kustomization.awaitState(state -> state.isReady(digest));
    assertThat(nodes.serving(content)).containsExactly("node1", "node2", "node3");
    assertThat(serves(release(), content)).isTrue();
  }

  @Test
  void aNewTagIsRolledOutAndDoneWhenItsNodesAre() throws Exception {
    String first = push("1.0.0", release("a", ""));
    deploy("5m");
    Content a = seed("a", null);
    kustomization.awaitState(state -> state.isReady(first));

    Content b = TestCluster.content("b");
    tracker.nodes(
        (node, grant) -> b.equals(grant.content()) ? holding(grant, a) : nodes.apply(node, grant));
    String second = push("1.1.0", release("b", ""));
    awaitRelease(found -> found.getMetadata().getGeneration() == 2);
    seed("b", null);
    awaitRelease(found -> is(found, "False", "Progressing") && verified(found) == 3);
    awaitNotReadyForTwoLooks(second);
    assertThat(nodes.serving(a)).hasSize(3);

    tracker.nodes(nodes);
    kustomization.awaitState(state -> state.isReady(second));
    assertThat(serves(release(), b)).isTrue();
  }

  @Test
  void nothingIsWrittenOnceItIsReady() throws Exception {
    String digest = push("1.0.0", release("a", ""));
    deploy("5m");
    Content content = seed("a", null);
    kustomization.awaitState(state -> state.isReady(digest));
    ObjectMeta settled = awaitQuiet();
    assertThat(ManagedFields.of(settled, "kustomize-controller"))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(ManagedFields.of(settled, ResourceNames.FIELD_MANAGER));

    cluster
        .release(namespace, "model")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"source\":{\"http\":{\"url\":\"https://a/c.tar.gz\"}}}}");
    awaitRelease(
        found ->
            found.getMetadata().getGeneration() == settled.getGeneration() + 2
                && serves(found, content));
    assertThat(awaitQuiet().getGeneration()).isEqualTo(settled.getGeneration() + 2);
  }

  /** Flux neither removes what was typed nor writes. It checks the health for at least 30 s. */
  @Test
  void whatAPersonApprovesOrHoldsByAnnotationStaysAndACommitApprovesToo() throws Exception {
    String first = push("1.0.0", release("a", ""));
    deploy("10s");
    Content a = seed("a", null);
    kustomization.awaitState(state -> state.isReady(first));

    String second = push("1.1.0", release("b", "") + REQUIRED);
    awaitRelease(found -> found.getMetadata().getGeneration() == 2);
    Content b = seed("b", null);
    awaitRelease(found -> is(found, "False", "Paused"));
    annotate(HOLD, "true");
    annotate(APPROVE, b.revision());
    kustomization.awaitState(reason("HealthCheckFailed"));
    Object written = ManagedFields.entries(release().getMetadata(), "kustomize-controller");
    awaitReconciliations(1);
    ObjectMeta held = release().getMetadata();
    assertThat(ManagedFields.entries(held, "kustomize-controller")).isEqualTo(written);
    assertThat(held.getAnnotations())
        .containsOnly(Map.entry(APPROVE, b.revision()), Map.entry(HOLD, "true"));
    assertThat(ready(release()).getMessage()).contains("corvid.dev/hold is true");
    assertThat(nodes.serving(a)).hasSize(3);

    annotate(HOLD, null);
    kustomization.awaitState(state -> state.isReady(second));
    assertThat(serves(release(), b)).isTrue();
    ObjectMeta approved = awaitQuiet();
    assertThat(approved.getAnnotations()).containsEntry(APPROVE, b.revision());
    assertThat(ManagedFields.of(approved, "kustomize-controller"))
        .doesNotContainAnyElementsOf(ManagedFields.of(approved, ResourceNames.FIELD_MANAGER))
        .doesNotContain("/f:metadata/f:annotations/f:" + APPROVE);

    // What kubectl writes in its own name, Flux takes for its own, unless it is told to merge.
    annotate(HOLD, "false", "kubectl-annotate");
    await().until(() -> !release().getMetadata().getAnnotations().containsKey(HOLD));

    annotate(APPROVE, null);
    Content c = TestCluster.content("c");
    String third =
        push(
            "1.2.0",
            release("c", "").replace("name: model", MERGE)
                + REQUIRED
                + "    approvedRevision: \"%s\"\n".formatted(c.revision()));
    awaitRelease(found -> found.getMetadata().getGeneration() == 3);
    seed("c", null);
    kustomization.awaitState(state -> state.isReady(third));
    assertThat(serves(release(), c)).isTrue();
    annotate(HOLD, "false", "kubectl-annotate");
    assertThat(awaitQuiet().getAnnotations()).containsEntry(HOLD, "false");
  }

  @Test
  void deletingTheKustomizationRemovesTheReleaseFromItsNodes() throws Exception {
    String digest = push("1.0.0", release("a", ""));
    deploy("5m");
    seed("a", null);
    kustomization.awaitState(state -> state.isReady(digest));

    kustomization.delete();
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return release() == null;
            });
    assertThat(nodes.removed()).containsExactlyInAnyOrder("node1", "node2", "node3");
  }

  @Override
  SwarmRelease awaitRelease(Predicate<SwarmRelease> condition) {
    return cluster.awaitRelease(namespace, "model", condition, BOUND);
  }

  /** Flux reconciles three times more, and neither it nor the operator writes at the last two. */
  private ObjectMeta awaitQuiet() {
    awaitReconciliations(1);
    ObjectMeta before = release().getMetadata();
    awaitReconciliations(2);
    ObjectMeta after = release().getMetadata();
    assertThat(after.getResourceVersion()).isEqualTo(before.getResourceVersion());
    notes.add(
        "  generation %d of the release: no write in two reconciliations of Flux"
            .formatted(after.getGeneration()));
    return after;
  }

  private void awaitReconciliations(int more) {
    long before = kustomization.reconciliations();
    await().until(() -> kustomization.reconciliations() >= before + more);
  }

  private void awaitNotReadyForTwoLooks(String digest) {
    await()
        .during(TWO_LOOKS)
        .until(() -> kustomization.states().stream().noneMatch(state -> state.isReady(digest)));
  }

  private static NodeReport holding(Grant grant, Content active) {
    return grant.content() == null
        ? TestTracker.obedient("", grant)
        : TestTracker.report(
            grant,
            NodeReport.State.VERIFIED,
            grant.content().manifestDigest(),
            active == null ? null : active.manifestDigest());
  }

  private static int verified(SwarmRelease release) {
    return release.getStatus().nodes().verified();
  }

  private static Predicate<State> reason(String reason) {
    return state -> reason.equals(state.reason());
  }

  private String push(String tag, String manifest) throws Exception {
    return flux.push(namespace, tag, Map.of("model.yaml", manifest));
  }

  private static String release(String archive, String pin) {
    return """
    apiVersion: corvid.dev/v1alpha1
    kind: SwarmRelease
    metadata:
      name: model
    spec:
      source:
        http:
          url: "https://a/%s.tar.gz"
          %s
      nodes:
        selector: {}
    """
        .formatted(archive, pin);
  }

  /** With the manifests of the documentation, which reconcile more seldom, and from elsewhere. */
  private void deploy(String timeout) throws IOException {
    String page = Files.readString(Path.of("../docs/gitops.md"));
    int start = page.indexOf("```yaml\n") + "```yaml\n".length();
    String manifests = page.substring(start, page.indexOf("```", start));
    var changes =
        Map.of(
            "namespace: search", "namespace: " + namespace,
            "Namespace: search", "Namespace: " + namespace,
            "url: oci://registry.example.com/search/releases",
                "insecure: true\n  url: " + flux.url(namespace),
            "nterval: 5m", "nterval: 5s",
            "timeout: 30m", "timeout: " + timeout);
    for (var change : changes.entrySet()) {
      assertThat(manifests).contains(change.getKey());
      manifests = manifests.replace(change.getKey(), change.getValue());
    }
    kustomization = new Kustomization(client, flux, namespace, "releases", manifests);
  }

  /** Plays the seeder, which is another than the one before. */
  private Content seed(String archive, Pod before) throws Exception {
    Pod pod = seeder(before);
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content(archive);
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  private Pod seeder(Pod before) {
    awaitRelease(found -> found != null);
    String uid = before == null ? "" : before.getMetadata().getUid();
    return await()
        .until(
            () ->
                cluster.seeders(namespace, "model").stream()
                    .filter(pod -> !uid.equals(pod.getMetadata().getUid()))
                    .toList(),
            pods -> pods.size() == 1)
        .getFirst();
  }

  private SwarmRelease release() {
    return cluster.release(namespace, "model").get();
  }

  private String uid() {
    return release().getMetadata().getUid();
  }

  private String model() {
    return "SwarmRelease/" + namespace + "/model";
  }
}

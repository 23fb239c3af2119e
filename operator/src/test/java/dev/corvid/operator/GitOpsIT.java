package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.GitOps;
import dev.corvid.operator.testing.Programs;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.SeederReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real Helm 4 and the real kstatus, as Flux uses it, make of a release. */
class GitOpsIT extends Installation {
  private static final String MISMATCH = "the fetched bytes are sha256:1, not sha256:0";

  @TempDir private Path home;
  private GitOps programs;

  @BeforeEach
  void find(ApiServer server) throws Exception {
    var binary = GitOps.binary();
    assumeThat(binary)
        .as("no Helm 4 on this machine: run e2e/gitops/build.sh once, or set " + GitOps.VARIABLE)
        .isPresent();
    programs = new GitOps(binary.get(), server.kubeconfig(), home);
    Path chart = Files.createDirectories(home.resolve("chart/templates"));
    Files.writeString(
        home.resolve("chart/Chart.yaml"), "{apiVersion: v2, name: app, version: 1.0.0}");
    Files.writeString(
        chart.resolve("release.yaml"),
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model}
        spec: {source: {http: {url: "https://a/a.tar.gz"}}, nodes: {selector: {}}}
        """);
  }

  @AfterEach
  void end() {
    if (programs != null) {
      programs.close();
    }
  }

  @Test
  void aReleaseIsInProgressForAsLongAsNoOperatorRuns() throws Exception {
    operator.close();
    Programs.Run helm = install("10s");
    await().until(() -> cluster.release(namespace, "model").get() != null);
    Programs.Run kstatus = kstatus("10s");

    assertThat(kstatus.await()).as(kstatus.text()).isEqualTo(GitOps.TIMED_OUT);
    assertThat(kstatus.output().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("InProgress\t"));
    assertThat(helm.await()).isNotZero();
    assertThat(helm.text()).contains("model").contains("InProgress");

    startOperator();
    kstatus = kstatus("120s");
    seed();
    assertThat(kstatus.await()).as(kstatus.text()).isEqualTo(GitOps.CURRENT);
  }

  @Test
  void aReleaseIsDoneOnlyWhenItsNodesAre() throws Exception {
    tracker.nodes(GitOpsIT::holding);
    Programs.Run helm = install("120s");
    Content content = seed();
    Programs.Run kstatus = kstatus("120s");
    awaitRelease(found -> is(found, "False", "Progressing") && verified(found) == 3);
    await().until(() -> kstatus.output().contains("3 nodes hold it, 0 serve it"));
    assertThat(helm.process().isAlive()).as(helm.text()).isTrue();
    assertThat(kstatus.process().isAlive()).isTrue();

    tracker.nodes(new TestNodes());

    assertThat(kstatus.await()).as(kstatus.text()).isEqualTo(GitOps.CURRENT);
    assertThat(helm.await()).as(helm.text()).isZero();
    assertThat(kstatus.output()).doesNotContain("Failed").contains("Current\t");
    assertThat(serves(cluster.release(namespace, "model").get(), content)).isTrue();

    Programs.Run gone = programs.start("helm", "uninstall", "app", "-n", namespace, "--wait");
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return !gone.process().isAlive();
            });
    assertThat(gone.await()).as(gone.text()).isZero();
    assertThat(cluster.release(namespace, "model").get()).isNull();
  }

  @Test
  void aWrongDigestIsAFailureWithItsMessage() throws Exception {
    Programs.Run helm = install("120s");
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    var failed =
        new SeederReport(
            SeederReport.State.FAILED, 6881, 9, 9, null, 0, Reason.DigestMismatch, MISMATCH);
    tracker.seeder(
        cluster.release(namespace, "model").get().getMetadata().getUid(),
        new Fleet.Seeder(pod.getMetadata().getUid(), ADDRESS, failed));

    Programs.Run kstatus = kstatus("120s");

    assertThat(kstatus.await()).as(kstatus.text()).isEqualTo(GitOps.FAILED);
    assertThat(kstatus.output().lines().toList().getLast())
        .startsWith("Failed\t")
        .contains(MISMATCH);
    assertThat(helm.await()).isNotZero();
    assertThat(helm.text()).contains("Failed").contains(MISMATCH);
  }

  @Test
  void aPoolWithoutNodesIsInProgressUntilTheReleaseWasActiveAndCurrentAfterwards()
      throws Exception {
    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          source: {http: {url: "https://a/a.tar.gz"}}
          nodes: {selector: {matchLabels: {role: pool}}}
        """
            .formatted(namespace));
    awaitRelease(release -> is(release, "False", "NoNodesMatched"));
    Programs.Run waiting = kstatus("3s");
    assertThat(waiting.await()).as(waiting.text()).isEqualTo(GitOps.TIMED_OUT);
    assertThat(waiting.output().lines()).allMatch(line -> line.startsWith("InProgress\t"));

    cluster.node("node1", Map.of("role", "pool"));
    Content content = seed();
    awaitRelease(release -> serves(release, content));
    client.nodes().withName("node1").delete();
    awaitRelease(release -> "0/0".equals(release.getStatus().nodes().summary()));

    Programs.Run scaled = kstatus("60s");
    assertThat(scaled.await()).as(scaled.text()).isEqualTo(GitOps.CURRENT);
  }

  private static int verified(SwarmRelease release) {
    return release.getStatus().nodes().verified();
  }

  /** Nodes that switch to nothing, whatever they are told. */
  private static NodeReport holding(String node, Grant grant) {
    return grant.content() == null
        ? TestTracker.obedient(node, grant)
        : TestTracker.report(grant, State.VERIFIED, grant.content().manifestDigest(), null);
  }

  /** Plays the seeder. */
  private Content seed() throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content("a");
    tracker.seeder(
        cluster.release(namespace, "model").get().getMetadata().getUid(),
        TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  private Programs.Run install(String timeout) throws Exception {
    String chart = home.resolve("chart").toString();
    return programs.start(
        "helm", "install", "app", chart, "-n", namespace, "--wait", "--timeout", timeout);
  }

  private Programs.Run kstatus(String timeout) throws Exception {
    return programs.start("kstatus", namespace, "model", timeout);
  }
}

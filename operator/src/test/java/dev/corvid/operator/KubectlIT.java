package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.Kubectl;
import dev.corvid.operator.testing.Programs;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type, and what the real kubectl makes of it. */
class KubectlIT extends Installation {
  private static final String COLUMNS = " {2,}";
  private static final String WAVES = "rollout: {waves: [{name: all, upTo: 100%}]}";
  private static final String PINNED =
      "source: {http: {url: \"https://a/a.tar.gz\", digest: \"%s\"}}"
          .formatted(TestCluster.digest("archive"));

  @TempDir private Path home;
  private Kubectl kubectl;

  @BeforeEach
  void find(ApiServer server) throws Exception {
    kubectl = new Kubectl(server.kubeconfig(), namespace, home);
  }

  @AfterEach
  void end() {
    kubectl.close();
  }

  @Test
  void getShowsWhatIsActiveAndWhy() throws Exception {
    Content content = rollOut(PINNED + ", version: \"1.0\"", "a");

    var table = kubectl.run("get", "corvid").lines().toList();
    assertThat(table.getFirst().strip().split(COLUMNS))
        .containsExactly(
            "NAME", "VERSION", "ACTIVE", "READY", "REASON", "NODES", "PROGRESS", "AGE");
    assertThat(table.getLast().split(COLUMNS))
        .startsWith("model", "1.0", content.revision(), "True", "Succeeded", "3/3", "100%");
    var wide = kubectl.run("get", "swr", "-o", "wide").lines().toList();
    assertThat(wide.getFirst().strip().split(COLUMNS))
        .endsWith("AGE", "TARGET", "SIZE", "WAVE", "MESSAGE");
    assertThat(wide.getLast().strip().split(COLUMNS))
        .endsWith(content.revision(), "1Mi", "all", ready(find()).getMessage());
    assertThat(ready(find()).getMessage())
        .isEqualTo("version 1.0 (%s) is active on 3 of 3 nodes".formatted(content.revision()));
  }

  @Test
  void aNewNameOfTheSameContentShowsAtOnceAndSwitchesNothing() throws Exception {
    Content content = rollOut(PINNED + ", version: \"1.0\"", "a");
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
    Grant told = tracker.grant(uid(), "node1").orElseThrow();
    Programs.Run watch = kubectl.start("get", "swr", "--watch", "--no-headers");
    await().until(() -> watch.output().contains("Succeeded"));

    applySpec(PINNED + ", version: \"1.1\", " + WAVES);

    await().until(() -> watch.output().contains(" 1.1 "));
    SwarmRelease renamed = awaitRelease(release -> serves(release, content));
    assertThat(renamed.getStatus().history()).hasSize(1);
    assertThat(tracker.grant(uid(), "node1")).contains(told);
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    // The edit is a line, too.
    assertThat(watch.output().lines())
        .hasSizeBetween(3, 4)
        .noneMatch(line -> line.contains("False"));
  }

  @Test
  void getWatchesARolloutFromTheFirstByteToTheLastNode() throws Exception {
    operator.close();
    Programs.Run watch = kubectl.start("get", "swr", "--watch");
    apply("a");
    await().until(() -> watch.output().contains("model"));
    startOperator();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid(), TestCluster.fetching(pod, ADDRESS, 5, 10, null));
    await().until(() -> watch.output().contains("fetching 50%"));
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, TestCluster.content("a")));

    await().until(() -> watch.output().contains("Succeeded"));
    assertThat(watch.output().lines().filter(line -> line.contains("True")).findFirst())
        .get()
        .asString()
        .contains("model", TestCluster.content("a").revision(), "3/3", "100%");
    assertThat(watch.process().isAlive()).isTrue();
  }

  @Test
  void waitEndsWhenTheLastEditIsReadyAndNotBefore() throws Exception {
    operator.close();
    apply("a");
    assertThat(kubectl.run("get", "swr", "model", "-o", "jsonpath={.status}"))
        .isEqualTo("{\"observedGeneration\":-1}");
    assertThat(kubectl.run("wait", "--for=condition=Ready", "swr/model", "--timeout=1s"))
        .contains("timed out");
    Programs.Run first = waitForReady();
    startOperator();
    rollOut("source: {http: {url: \"https://a/a.tar.gz\"}}", "a");
    assertThat(first.await()).as(first.text()).isZero();

    // The condition of the former spec is still True, and the operator has yet to see the edit.
    operator.close();
    apply("b");
    Programs.Run second = waitForReady();
    assertThat(kubectl.run("wait", "--for=condition=Ready", "swr/model", "--timeout=1s"))
        .contains("timed out");
    assertThat(second.process().isAlive()).as(second.text()).isTrue();
    startOperator();
    rollOut("source: {http: {url: \"https://a/b.tar.gz\"}}", "b");
    assertThat(second.await()).as(second.text()).isZero();
  }

  @Test
  void explainSaysWhatAReleaseIsBeforeTheOperatorHasSeenIt() throws Exception {
    await()
        .untilAsserted(
            () ->
                assertThat(oneLine(kubectl.run("explain", "swr.status.observedGeneration")))
                    .contains("-1 until the operator has seen the release"));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private Programs.Run waitForReady() throws Exception {
    return kubectl.start("wait", "--for=condition=Ready", "swr/model", "--timeout=60s");
  }

  /** In one wave. Plays the seeder, until every node serves it. */
  private Content rollOut(String spec, String what) throws Exception {
    return rollOut(applySpec(spec + ", " + WAVES), what);
  }

  private SwarmRelease find() {
    return cluster.release(namespace, "model").get();
  }

  private String uid() {
    return find().getMetadata().getUid();
  }
}

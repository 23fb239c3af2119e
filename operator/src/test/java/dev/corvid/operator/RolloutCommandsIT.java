package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/rollouts.md, as they stand there, with the real kubectl. */
class RolloutCommandsIT extends Installation {
  private static final Path PAGE = Path.of("../docs/rollouts.md");
  private static final Pattern COMMAND =
      Pattern.compile("\\| `kubectl -n NAMESPACE (annotate [^`]*)` \\|");
  private static final Pattern ROLLOUT = Pattern.compile("ranking-model.yaml +# (rollout: .*)");

  private final TestNodes nodes = new TestNodes();
  private ApiServer server;
  @TempDir private Path home;
  private Process shell;
  private String job;

  @BeforeEach
  void makeKubectl(ApiServer server) throws Exception {
    this.server = server;
    tracker.nodes(nodes);
    Path program = home.resolve("kubectl");
    Files.writeString(
        program,
        "#!/bin/sh\necho begun >> '%s'\nexec '%s' kubectl \"$@\"\n"
            .formatted(begun(), ApiServer.binary().orElseThrow()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void end() {
    if (shell != null) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
      shell.onExit().join();
    }
  }

  @Test
  void aCiJobApprovesTheRevisionAndThenTheCanaryAndCanBeRunAgain() throws Exception {
    Content first = rollOut("a");

    startJob("b");
    Content second = endJob("b");

    assertThat(serves(cluster.release(namespace, "model").get(), second)).as(output()).isTrue();
    assertThat(nodes.serving(first)).isEmpty();

    run(job);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(shell.exitValue()).as(output()).isZero();
    assertThat(output()).doesNotContain("annotated"); // there was nothing left to approve
  }

  @Test
  void aCiJobDoesNotApproveARevisionThatWaitedBeforeIt() throws Exception {
    rollOut("a");
    SwarmRelease edited =
        applySpec(
            "source: {http: {url: \"https://a/abandoned.tar.gz\"}}, rollout: {approval: Required}");
    Content abandoned = TestCluster.content("abandoned");
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(edited.getMetadata().getUid(), TestCluster.seeding(pod, ADDRESS, abandoned));
    awaitRelease(release -> is(release, "False", "Paused"));
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
    operator.close();

    startJob("b");
    // Enough to wait for Paused and to read a name.
    await().until(() -> Files.readAllLines(begun()).size() >= 3);
    startOperator();
    Content second = endJob("b");

    assertThat(serves(cluster.release(namespace, "model").get(), second)).as(output()).isTrue();
    assertThat(output()).doesNotContain(abandoned.revision());
  }

  /** The script of the page, until it has applied that. */
  private void startJob(String what) throws Exception {
    String page = Files.readString(PAGE);
    int start = page.indexOf("```sh\n") + "```sh\n".length();
    String script = page.substring(start, page.indexOf("```", start));
    var rollout = ROLLOUT.matcher(script);
    assertThat(rollout.find()).isTrue();
    Files.writeString(
        home.resolve("ranking-model.yaml"),
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model}
        spec: {source: {http: {url: "https://a/%s.tar.gz"}}, nodes: {selector: {}}, %s}
        """
            .formatted(what, rollout.group(1)));

    String mine =
        script
            .replace("-n search", "-n " + namespace)
            .replace("swr/ranking-model", "swr/model")
            .replace("swr ranking-model", "swr model");
    assertThat(mine.replace("ranking-model.yaml", "")).doesNotContain("ranking-model", "search");
    long before = cluster.release(namespace, "model").get().getMetadata().getGeneration();
    job = mine;
    run(job);
    await()
        .until(
            () -> cluster.release(namespace, "model").get().getMetadata().getGeneration() > before);
  }

  /** It ends well when a seeder publishes that. */
  private Content endJob(String what) throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content(what);
    tracker.seeder(
        cluster.release(namespace, "model").get().getMetadata().getUid(),
        TestCluster.seeding(pod, ADDRESS, content));

    assertThat(shell.waitFor(120, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(shell.exitValue()).as(output()).isZero();
    assertThat(output()).contains("annotated", "condition met");
    return content;
  }

  @Test
  void theCommandsOfTheTableAnnotate() throws Exception {
    Content content = rollOut("a");
    List<String> commands =
        COMMAND.matcher(Files.readString(PAGE)).results().map(MatchResult::group).toList();
    assertThat(commands).hasSize(4);
    int held = 0;

    for (String row : commands) {
      String command = row.substring(row.indexOf('`') + 1, row.lastIndexOf('`'));
      run(
          command
              .replace("NAMESPACE", namespace)
              .replace("NAME", "model")
              .replace("REVISION", content.revision())
              .replace("WAVE", "canary"));
      assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(shell.exitValue()).as(command + ": " + output()).isZero();
      if (command.contains("corvid.dev/hold=true ")) {
        held++;
        assertThat(cluster.release(namespace, "model").get().getMetadata().getAnnotations())
            .containsEntry("corvid.dev/approve", content.revision() + "/canary")
            .containsEntry("corvid.dev/hold", "true");
      }
    }
    assertThat(held).isEqualTo(1);
    assertThat(cluster.release(namespace, "model").get().getMetadata().getAnnotations())
        .doesNotContainKey("corvid.dev/hold");
  }

  private void run(String script) throws Exception {
    var builder =
        new ProcessBuilder("bash", "-euc", script)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile());
    builder.environment().put("PATH", home + ":" + System.getenv("PATH"));
    builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
    builder.environment().put("HOME", home.toString());
    shell = builder.start();
  }

  /** A line for each command of kubectl that has begun. */
  private Path begun() {
    return home.resolve("begun");
  }

  private String output() throws Exception {
    return Files.readString(home.resolve("output"));
  }
}

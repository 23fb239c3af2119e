package dev.corvid.e2e.scenario.release;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a revision takes the place of another one: in waves, no further than it works, and back. */
@Scenario
class RolloutScenario {
  private static final int NOBODY = 65534;
  private static final String CANARY = "{matchLabels: {kubernetes.io/hostname: node2}}";

  private final Tenant tenant;
  private final Lab lab;

  RolloutScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void aCanaryWaitsAndGoesOnOrBackAsTheSpecSays() throws Exception {
    var one = tenant.serve("waves-1.tar", SampleRelease.of(80, 20, 2 << 20));
    var two = tenant.serve("waves-2.tar", SampleRelease.of(81, 20, 2 << 20));
    var waiting =
        "waves: [{name: canary, selector: %s, pause: {untilApproved: true}}, {upTo: 100%%}]";
    apply("waves", one, waiting.formatted(CANARY));
    // Also a first revision: everything is placed, and the canary alone is active.
    tenant.awaitReason("waves", "Paused");
    assertThat(active("waves", List.of("node1", "node3"))).containsOnly("nothing");
    assertThat(active("waves", List.of("node2"))).doesNotContain("nothing");
    apply("waves", one, "");
    var first = tenant.awaitReady("waves").getStatus().currentRevision();

    apply("waves", two, waiting.formatted(CANARY));
    var paused = tenant.awaitReason("waves", "Paused");
    assertThat(paused.getMessage())
        .contains("wave canary (1 of 2) is done", first + " is still active");
    assertThat(lab.kubectl().run("-n", tenant.namespace(), "get", "swr", "waves", "-o", "wide"))
        .contains("WAVE", "canary", "Paused");
    var second = tenant.release("waves").get().getStatus().updateRevision();
    assertThat(active("waves", List.of("node1", "node2", "node3")))
        .containsExactly(first, second, first);

    apply("waves", one, waiting.formatted(CANARY));
    tenant.awaitReady("waves");
    assertThat(active("waves", Lab.NODES)).containsOnly(first);

    apply("waves", two, waiting.formatted(CANARY));
    tenant.awaitReason("waves", "Paused");
    approve("waves", second + "/canary");
    tenant.awaitReady("waves");
    assertThat(active("waves", Lab.NODES)).containsOnly(second);
  }

  @Test
  void aRevisionThatFailsOnTooManyNodesStopsAndGoesBack() throws Exception {
    var added = lab.cluster().addNode();
    try {
      var nodes = List.of("node1", "node2", "node3", added);
      var one = tenant.serve("failing-1.tar", SampleRelease.of(82, 20, 1 << 20));
      apply("failing", one, "maxFailed: 1");
      var first =
          tenant
              .await(
                  "failing",
                  Duration.ofMinutes(3),
                  "is active on four nodes",
                  it -> Tenant.isReady(it) && it.getStatus().nodes().updated() == 4)
              .getStatus()
              .currentRevision();
      own(NOBODY, "node1", "node3");
      try {
        var edited = Instant.now();
        apply(
            "failing",
            tenant.serve("failing-2.tar", SampleRelease.of(83, 20, 1 << 20)),
            "maxFailed: 1");

        var stopped = tenant.awaitReason("failing", "TooManyFailedNodes");
        assertThat(stopped.getMessage())
            .contains("2 nodes failed, 1 may", "node1", first + " is still active");
        var told = Instant.now();
        var release = tenant.release("failing").get();
        assertThat(Tenant.condition(release, "Stalled").orElseThrow().getStatus())
            .isEqualTo("True");
        assertThat(release.getStatus().failures()).hasSize(2);
        assertThat(active("failing", nodes)).containsOnly(first);

        var reverted = Instant.now();
        apply("failing", one, "maxFailed: 1");
        tenant.awaitReady("failing");
        Figures.record(
            "a revision that fails on two of four nodes",
            List.of(
                "TooManyFailedNodes after " + seconds(edited, told),
                "reverted: Ready after " + seconds(reverted, Instant.now())));
        assertThat(active("failing", nodes)).containsOnly(first);
      } finally {
        own(0, "node1", "node3");
      }
    } finally {
      lab.cluster().removeNode(added);
    }
  }

  @Test
  void podsFollowTheReleaseWhereNodesCarryIt() throws Exception {
    lab.installChart("nodeLabels", Map.of("enabled", true));
    try {
      var url = tenant.serve("labelled.tar", SampleRelease.of(84, 10, 1 << 20));
      apply("labelled", url, "approval: Required");
      tenant.awaitReason("labelled", "Paused");
      var pod = lab.pods().start(waiting("labelled"));
      awaitUnschedulable(pod);

      approve("labelled", tenant.release("labelled").get().getStatus().updateRevision());
      var revision = tenant.awaitReady("labelled").getStatus().currentRevision();

      lab.pods().ended(pod, 120);
      var node = lab.client().resource(pod).get().getSpec().getNodeName();
      assertThat(lab.client().nodes().withName(node).get().getMetadata().getLabels())
          .containsEntry("release.corvid.dev/" + tenant.namespace() + ".labelled", revision);
      lab.client().resource(pod).withGracePeriod(0).delete();
      tenant.delete("labelled");

      assertThat(asTheOperator("label", "node", "node1", "tier=stolen"))
          .contains("labels of Nodes that begin with release.corvid.dev/, and no others");
      assertThat(
              asTheOperator("patch", "node", "node1", "-p", "{\"spec\":{\"unschedulable\":true}}"))
          .contains("nothing of a Node but its labels");
    } finally {
      lab.installChart();
    }
  }

  /** As the message of Paused says. */
  private void approve(String name, String revision) throws Exception {
    lab.kubectl()
        .run(
            "-n",
            tenant.namespace(),
            "annotate",
            "swr",
            name,
            "corvid.dev/approve=" + revision,
            "--overwrite",
            "--field-manager=corvid-user");
  }

  private void apply(String name, URI url, String rollout) {
    tenant.apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        rollout: {%s}
        """
            .formatted(url, rollout));
  }

  /** What `current` names on each node. */
  private List<String> active(String name, List<String> nodes) throws IOException {
    var active = new ArrayList<String>();
    for (var node : nodes) {
      var current = tenant.folder(node, name).resolve("current");
      active.add(
          Files.isSymbolicLink(current)
              ? Files.readSymbolicLink(current).getFileName().toString()
              : "nothing");
    }
    return active;
  }

  /** Whose the folder is in which finished revisions appear: a peer has no rights in others'. */
  private void own(int uid, String... nodes) throws IOException {
    for (var node : nodes) {
      Path revisions = tenant.folder(node, "failing").resolve("revisions");
      Files.setAttribute(revisions, "unix:uid", uid);
    }
  }

  private Pod waiting(String claim) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: waiting, namespace: %s}
        spec:
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: wait
              image: %s
              imagePullPolicy: Never
              args: [wait, /release, --timeout, 1m]
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
              volumeMounts: [{name: release, mountPath: /release, readOnly: true}]
          volumes: [{name: release, persistentVolumeClaim: {claimName: %s, readOnly: true}}]
        """
            .formatted(tenant.namespace(), Lab.peerImage(), claim),
        Pod.class);
  }

  private String asTheOperator(String... words) {
    var command = lab.kubectl().with(words).and("--as", Lab.OPERATOR, "--dry-run=server");
    return command.outcome("").err();
  }

  private void awaitUnschedulable(Pod pod) {
    lab.client()
        .resource(pod)
        .waitUntilCondition(
            it ->
                it != null
                    && it.getStatus().getConditions().stream()
                        .anyMatch(c -> "Unschedulable".equals(c.getReason())),
            60,
            TimeUnit.SECONDS);
  }
}

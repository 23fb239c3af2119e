package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.Kubectl;
import dev.corvid.operator.testing.ManagedFields;
import dev.corvid.operator.testing.Programs;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A GitOps controller that applies its manifest again and again while people approve and hold by
 * annotation: with the real kubectl, and exactly by the commands that the messages name.
 */
class GitOpsApprovalIT extends Installation {
  private static final String GITOPS = "gitops-controller";
  private static final String APPROVE = "corvid.dev/approve";
  private static final String HOLD = "corvid.dev/hold";
  private static final Pattern COMMAND =
      Pattern.compile(
          "kubectl (-n \\S+ annotate swr model corvid.dev/\\S+(?: --overwrite"
              + " --field-manager=corvid-user)?)");

  private final TestNodes nodes = new TestNodes();
  private final ScheduledExecutorService controller = Executors.newScheduledThreadPool(1);
  private final AtomicInteger applications = new AtomicInteger();
  private final Set<String> seeders = new TreeSet<>();
  private volatile String manifest;
  private volatile KubernetesClientException failure;
  @TempDir private Path home;
  private Kubectl kubectl;

  @BeforeEach
  void startController(ApiServer server) throws Exception {
    kubectl = new Kubectl(server.kubeconfig(), namespace, home);
    tracker.nodes(nodes);
    commit("a", "");
    controller.scheduleWithFixedDelay(this::reconcile, 0, 200, TimeUnit.MILLISECONDS);
  }

  /** Before the release is deleted: it would apply it again. */
  @AfterEach
  void endController() throws Exception {
    controller.shutdownNow();
    assertThat(controller.awaitTermination(60, TimeUnit.SECONDS)).as("%s", failure).isTrue();
    kubectl.close();
  }

  @Test
  void annotationsStayAndNothingIsWrittenTwice() throws Exception {
    Content a = seed("a");
    awaitRelease(release -> serves(release, a));

    commit(
        "b",
        "approval: Required, waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {upTo:"
            + " 100%}]");
    Content b = seed("b");
    run(awaitMessage("waits for approval"));
    run(awaitMessage("wave canary (1 of 2) is done"));
    awaitRelease(release -> serves(release, b));
    assertThat(awaitQuiet().getAnnotations()).containsEntry(APPROVE, hex(b) + "/canary");

    run(
        "-n %s annotate swr model corvid.dev/hold=true --field-manager=corvid-user"
            .formatted(namespace));
    commit("c", "");
    Content c = seed("c");
    String held = awaitMessage("corvid.dev/hold is true");
    ObjectMeta quiet = awaitQuiet();
    assertThat(quiet.getAnnotations())
        .containsEntry(APPROVE, hex(b) + "/canary")
        .containsEntry(HOLD, "true");
    assertThat(nodes.serving(b)).hasSize(3);
    assertOwners(quiet);
    assertThat(difference()).as("kubectl diff").isEmpty();
    run(held);
    awaitRelease(release -> serves(release, c));

    // By a commit: the annotation of an earlier release has to go, or to name the same.
    commit("b", "");
    awaitRelease(release -> serves(release, b));
    Content d = TestCluster.content("d");
    commit("d", "approval: Required, approvedRevision: '%s'".formatted(d.revision()));
    seed("d");
    run(awaitMessage("names %s and the annotation".formatted(d.revision())));
    awaitRelease(release -> serves(release, d));
    assertOwners(awaitQuiet());
  }

  /** As messages name it. */
  private static String hex(Content content) {
    return content.manifestDigest().substring("sha256:".length());
  }

  private void commit(String source, String rollout) {
    manifest =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec: {source: {http: {url: "https://a/%s.tar.gz"}}, nodes: {selector: {}}, rollout: {%s}}
        """
            .formatted(namespace, source, rollout);
  }

  /** As Flux does: what Git has, with force, and again when that fails. */
  private void reconcile() {
    try {
      applyManifest();
      applications.incrementAndGet();
    } catch (KubernetesClientException e) {
      failure = e;
    }
  }

  private void applyManifest() {
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(manifest, GenericKubernetesResource.class))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(GITOPS)
                .withForce(true)
                .build());
  }

  /** The manifest is applied five times more, and neither that nor the operator writes. */
  private ObjectMeta awaitQuiet() {
    return await()
        .until(
            () -> {
              ObjectMeta before = release().getMetadata();
              int count = applications.get();
              await().until(() -> applications.get() > count + 5);
              ObjectMeta after = release().getMetadata();
              return after.getResourceVersion().equals(before.getResourceVersion()) ? after : null;
            },
            quiet -> quiet != null);
  }

  /** Nobody else owns a field of the manifest, and the operator nothing but its own. */
  private void assertOwners(ObjectMeta object) {
    Set<String> gitops = ManagedFields.of(object, GITOPS);
    Set<String> operator = ManagedFields.of(object, ResourceNames.FIELD_MANAGER);
    assertThat(operator)
        .isNotEmpty()
        .allMatch(f -> f.startsWith("/f:status/") || f.startsWith("/f:metadata/f:finalizers"));
    assertThat(gitops).isNotEmpty().allMatch(field -> field.startsWith("/f:spec/"));
    Set<String> others = new TreeSet<>();
    object.getManagedFields().stream()
        .map(entry -> entry.getManager())
        .filter(manager -> !Set.of(GITOPS, ResourceNames.FIELD_MANAGER).contains(manager))
        .forEach(manager -> others.addAll(ManagedFields.of(object, manager)));
    assertThat(others).allMatch(field -> field.startsWith("/f:metadata/f:annotations"));
  }

  /** What kubectl says that an application would change. */
  private String difference() throws Exception {
    Path file = Files.writeString(home.resolve("manifest.yaml"), manifest);
    return kubectl.run(
        "diff",
        "--server-side",
        "--force-conflicts",
        "--field-manager=" + GITOPS,
        "-f",
        file.toString());
  }

  /** The first command of that message of Paused, without kubectl. */
  private String awaitMessage(String words) {
    Pattern expected = Pattern.compile(words.replace("(", "\\(").replace(")", "\\)"));
    SwarmRelease paused =
        awaitRelease(
            found ->
                is(found, "False", "Paused") && expected.matcher(ready(found).getMessage()).find());
    var command = COMMAND.matcher(ready(paused).getMessage());
    assertThat(command.find()).as(ready(paused).getMessage()).isTrue();
    return command.group(1);
  }

  private void run(String arguments) throws Exception {
    Programs.Run run = kubectl.start(arguments.split(" "));
    assertThat(run.await()).as(arguments + ": " + run.text()).isZero();
  }

  /** Plays the seeder of what was committed, which is another than the one before. */
  private Content seed(String source) throws Exception {
    Content content = TestCluster.content(source);
    Pod pod =
        await()
            .until(
                () ->
                    cluster.seeders(namespace, "model").stream()
                        .filter(found -> !seeders.contains(found.getMetadata().getUid()))
                        .toList(),
                pods -> pods.size() == 1)
            .getFirst();
    seeders.add(pod.getMetadata().getUid());
    cluster.run(pod, ADDRESS);
    tracker.seeder(release().getMetadata().getUid(), TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  private SwarmRelease release() {
    return cluster.release(namespace, "model").get();
  }
}

package dev.corvid.operator;

import static dev.corvid.operator.testing.RefusingPolicy.WORDS;
import static dev.corvid.operator.testing.TestCluster.OPERATOR_NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.RefusingPolicy;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the leader makes for all releases is refused: it stays the leader, and says so. */
class RefusedTrackerIT extends Installation {
  private @Nullable RefusingPolicy policy;

  @AfterEach
  void allowEverything() {
    if (policy != null) {
      policy.close();
      policy = null;
    }
  }

  @Test
  void releasesReportThatTheTrackerIsRefusedUntilItIsNot() throws Exception {
    stopOperatorAndTracker();
    deployment().delete();
    refuse("apps", "deployments");
    startOperator();
    apply("a");

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "TrackerUnavailable"));

    assertThat(ready(refused).getMessage())
        .contains("refuses the tracker")
        .contains(ResourceNames.TRACKER)
        .contains(WORDS);
    assertThat(isStalled(refused)).isTrue();
    cluster.awaitSeeder(namespace, "model");
    awaitRenewedLease();
    allowEverything();
    await().until(() -> deployment().get() != null);
    awaitRelease(found -> !isStalled(found));
    tracker.away(false);
    awaitServing(publish("a"));
  }

  /** A quota refuses the pod, not the Deployment; its controller writes that into its status. */
  @Test
  void releasesReportThatTheTrackersPodIsRefused() throws Exception {
    await().until(() -> deployment().get() != null);
    stopOperatorAndTracker();
    startOperator();
    apply("a");
    String words = "pods \"corvid-tracker-1\" is forbidden: exceeded quota: tight";
    status(
        tracker ->
            tracker
                .editStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage(words)
                .endCondition()
                .endStatus());

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "TrackerUnavailable"));

    assertThat(ready(refused).getMessage()).contains(words);
    assertThat(isStalled(refused)).isTrue();
    status(tracker -> tracker.editStatus().withConditions().endStatus());
    awaitRelease(found -> !isStalled(found));
    tracker.away(false);
    awaitServing(publish("a"));
  }

  /** Nothing can be signed without it, and so nothing is done. */
  @Test
  void aRefusedSigningKeyIsMadeOnceItMayBe() throws Exception {
    stopOperatorAndTracker();
    tracker.away(false);
    refuse("", "secrets");
    client.secrets().inNamespace(OPERATOR_NAMESPACE).withName(ResourceNames.SIGNING).delete();
    startOperator();
    apply("a");

    awaitRenewedLease();

    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    assertThat(ready(cluster.release(namespace, "model").get())).isNull();
    allowEverything();
    awaitServing(publish("a"));
  }

  /** There is no status without a key. */
  @Test
  void anEventSaysThatAReleaseOrItsDeletionWaitsForTheSigningKey() throws Exception {
    stopOperatorAndTracker();
    refuse("", "secrets");
    client.secrets().inNamespace(OPERATOR_NAMESPACE).withName(ResourceNames.SIGNING).delete();
    startOperator();
    apply("a");
    await().untilAsserted(() -> assertThat(refusals()).hasSize(1));

    cluster.release(namespace, "model").delete();

    await().untilAsserted(() -> assertThat(refusals()).hasSize(2));
    assertThat(refusals())
        .allSatisfy(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getNote()).contains(ResourceNames.SIGNING).contains(WORDS);
              assertThat(event.getSeries()).isNull();
            });
    allowEverything();
    await().until(() -> cluster.release(namespace, "model").get() == null);
  }

  private List<Event> refusals() {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "RequestRefused".equals(event.getReason()))
        .toList();
  }

  private void stopOperatorAndTracker() {
    await().until(() -> deployment().get() != null);
    operator.close();
    tracker.away(true);
  }

  private void refuse(String group, String resource) {
    policy = RefusingPolicy.of(client, OPERATOR_NAMESPACE, group, resource, "CREATE");
  }

  private RollableScalableResource<Deployment> deployment() {
    return client
        .apps()
        .deployments()
        .inNamespace(OPERATOR_NAMESPACE)
        .withName(ResourceNames.TRACKER);
  }

  private void status(UnaryOperator<DeploymentBuilder> edit) {
    deployment().editStatus(found -> edit.apply(new DeploymentBuilder(found)).build());
  }

  /** What blocks the elector keeps it from renewing, too. */
  private void awaitRenewedLease() {
    await().until(() -> renewed() != null);
    ZonedDateTime before = renewed();
    await().until(() -> renewed().isAfter(before));
  }

  private @Nullable ZonedDateTime renewed() {
    var lease =
        client.leases().inNamespace(OPERATOR_NAMESPACE).withName(ResourceNames.OPERATOR).get();
    return lease == null ? null : lease.getSpec().getRenewTime();
  }

  private static boolean isStalled(SwarmRelease release) {
    return release.getStatus() != null
        && release.getStatus().conditions().stream()
            .anyMatch(
                found -> "Stalled".equals(found.getType()) && "True".equals(found.getStatus()));
  }

  /** The operator tries again after up to half a minute. */
  private void awaitServing(Content content) {
    cluster.awaitRelease(
        namespace, "model", found -> serves(found, content), Duration.ofSeconds(120));
  }
}

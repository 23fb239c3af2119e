package dev.corvid.e2e.scenario.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What Corvid keeps in the cluster is lost: no byte on any node is, and when it is made again all
 * is as before, and goes on.
 */
@Scenario
class ForgetfulScenario {
  private static final String DEFINITION = "swarmreleases.corvid.dev";

  /** The kubelet brings a changed ConfigMap to a running pod within a minute or two. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Tenant tenant;
  private final Lab lab;
  private URI url;
  private String revision;
  private Disks before;

  ForgetfulScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @BeforeAll
  void aReleaseWithAnEarlierRevision() throws IOException {
    tenant.apply("kept", tenant.serve("earlier.tar", SampleRelease.of(60, 20, 1 << 20)));
    tenant.awaitReady("kept", LIMIT);
    url = tenant.serve("kept.tar", SampleRelease.of(61, 20, 1 << 20));
    tenant.apply("kept", url);
    revision = tenant.awaitReady("kept", LIMIT).getStatus().currentRevision();
    before = Disks.of(tenant, "kept");
  }

  @Test
  void theTrackersPod() throws Exception {
    delete("tracker");

    nothingIsLostAndAllGoesOn("after-tracker");
  }

  @Test
  void theOperatorsPod() throws Exception {
    delete("operator");

    nothingIsLostAndAllGoesOn("after-operator");
  }

  @Test
  void whatTheNodesTrust() throws Exception {
    lose(lab.client().configMaps().inNamespace(Lab.SYSTEM).withName("corvid-trust"));

    nothingIsLostAndAllGoesOn("after-trust");
  }

  @Test
  void theKeyAndWhatTheNodesTrust() throws Exception {
    var operator =
        lab.client().apps().deployments().inNamespace(Lab.SYSTEM).withName("corvid-operator");
    operator.scale(0);
    var pods =
        lab.client()
            .pods()
            .inNamespace(Lab.SYSTEM)
            .withLabel("app.kubernetes.io/component", "operator");
    pods.informOnCondition(left -> left.isEmpty()).orTimeout(60, TimeUnit.SECONDS).join();
    lab.client().secrets().inNamespace(Lab.SYSTEM).withName("corvid-signing").delete();
    lab.client().configMaps().inNamespace(Lab.SYSTEM).withName("corvid-trust").delete();
    operator.scale(1);
    operator.waitUntilReady(150, TimeUnit.SECONDS);

    nothingIsLostAndAllGoesOn("after-key");
  }

  @Test
  void theDefinitionAndAllReleasesWithIt() throws Exception {
    lab.kubectl().run("delete", "crd", DEFINITION, "--timeout=120s");
    assertThat(Disks.of(tenant, "kept")).isEqualTo(before);

    lab.installChart();
    lab.kubectl().run("wait", "--for=condition=Established", "crd/" + DEFINITION);
    tenant.apply("kept", url);

    nothingIsLostAndAllGoesOn("after-definition");
  }

  /** Another release arrives everywhere, so everybody has met again; the first is as it was. */
  private void nothingIsLostAndAllGoesOn(String next) throws IOException {
    var content = SampleRelease.saying(next, 3);
    tenant.apply(next, tenant.serve(next + ".tar", content));
    tenant.awaitReady(next, LIMIT);
    for (var node : Lab.NODES) {
      assertThat(tenant.tree(node, next)).as(node).isEqualTo(content.tree());
    }
    var status = tenant.awaitReady("kept", LIMIT).getStatus();
    assertThat(status.currentRevision()).isEqualTo(revision);
    assertThat(status.nodes().summary()).isEqualTo("3/3");
    assertThat(Disks.of(tenant, "kept").entries()).containsAllEntriesOf(before.entries());
  }

  private void delete(String component) {
    var pod = Peers.of(lab).pods(component).getFirst();
    lab.client().resource(pod).delete();
    lab.client()
        .pods()
        .inNamespace(Lab.SYSTEM)
        .withLabel("app.kubernetes.io/component", component)
        .informOnCondition(
            pods ->
                pods.stream()
                    .filter(it -> !sameUid(it, pod))
                    .anyMatch(io.fabric8.kubernetes.client.readiness.Readiness::isPodReady))
        .orTimeout(150, TimeUnit.SECONDS)
        .join();
  }

  /** Deletes it and waits for the one that is made instead. */
  private static <T extends HasMetadata> void lose(Resource<T> resource) {
    var lost = resource.require();
    resource.delete();
    resource.waitUntilCondition(now -> now != null && !sameUid(now, lost), 90, TimeUnit.SECONDS);
  }

  private static boolean sameUid(HasMetadata one, HasMetadata other) {
    return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
  }
}

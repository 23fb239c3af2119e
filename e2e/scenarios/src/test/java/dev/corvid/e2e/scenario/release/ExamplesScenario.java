package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is copied from {@code crds/examples} works. */
@Scenario
class ExamplesScenario {
  private static final int SECONDS = 120;

  private final Tenant tenant;

  ExamplesScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  static List<Path> examples() throws IOException {
    try (var files = Files.list(Checkout.root().resolve("crds/examples"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theApiServerAcceptsIt(Path example) {
    var answer =
        tenant
            .lab()
            .kubectl()
            .run("apply", "-n", tenant.namespace(), "--dry-run=server", "-f", example.toString());

    assertThat(answer).contains("created (server dry run)").doesNotContainIgnoringCase("warning");
  }

  /** As it stands there, with images that this cluster has. */
  @Test
  void theDeploymentWaitsForItsReleaseAndLearnsOfASwitch() throws Exception {
    var deployment = tenant.lab().client().resource(deployment());
    deployment.create();
    try {
      tenant.apply("hello", tenant.serve("hello-1.tar", SampleRelease.saying("one", 5)));
      tenant.awaitReady("hello");
      deployment.waitUntilReady(SECONDS, TimeUnit.SECONDS);
      assertThat(pods()).hasSize(2);

      tenant.apply("hello", tenant.serve("hello-2.tar", SampleRelease.saying("two", 5)));
      var second = tenant.awaitReady("hello").getStatus().currentRevision();

      Awaitility.await("every watch has ended and told of " + second)
          .atMost(Duration.ofSeconds(SECONDS))
          .until(() -> pods().stream().allMatch(pod -> lastWords(pod).contains(second)));
    } finally {
      deployment.delete();
      tenant.delete("hello"); // other examples have that name
    }
  }

  private Deployment deployment() throws IOException {
    var file = Checkout.root().resolve("crds/examples/deployment-that-waits.yaml");
    var deployment = Serialization.unmarshal(Files.readString(file), Deployment.class);
    deployment.getMetadata().setNamespace(tenant.namespace());
    var pod = deployment.getSpec().getTemplate().getSpec();
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .forEach(
            container -> {
              if (!container.getImage().contains("/corvid/peer:")) {
                container.setCommand(List.of());
                container.setArgs(List.of("watch", "/release")); // an application of ours
              }
              container.setImage(Lab.peerImage());
              container.setImagePullPolicy("Never");
            });
    return deployment;
  }

  private List<Pod> pods() {
    return tenant
        .lab()
        .client()
        .pods()
        .inNamespace(tenant.namespace())
        .withLabel("app", "reader")
        .list()
        .getItems();
  }

  /** Of the watch that has ended; empty while none has. */
  private String lastWords(Pod pod) {
    boolean hasEnded =
        pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals("watch"))
            .anyMatch(status -> status.getRestartCount() > 0);
    var watch = tenant.lab().client().pods().resource(pod).inContainer("watch");
    return hasEnded ? watch.terminated().getLog() : "";
  }
}

package dev.corvid.operator.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.Names;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of an installation takes with it what is Corvid's, and nothing that looks like it. */
@ExtendWith(RealApi.class)
class UninstallTest {
  private final String namespace = "gone-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void removesOnlyTheSeedersThatAReleaseControls(ApiServer server) {
    try (KubernetesClient client = server.client()) {
      var cluster = new TestCluster(client);
      cluster.install(Path.of("../crds/swarmreleases.corvid.dev.yaml"));
      cluster.namespace(namespace);
      SwarmRelease release =
          cluster.apply(
              """
              apiVersion: corvid.dev/v1alpha1
              kind: SwarmRelease
              metadata: {name: model, namespace: %s, finalizers: [corvid.dev/nodes]}
              spec: {source: {http: {urls: ["https://a/a.tar"]}}, nodes: {selector: {}}}
              """
                  .formatted(namespace));
      String uid = release.getMetadata().getUid();
      Pod own = client.resource(seeder("model-seeder-1", owner("model", uid))).create();
      Pod labelled = client.resource(seeder("labelled", List.of())).create();
      Pod other =
          client.resource(seeder("other", owner("model", UUID.randomUUID().toString()))).create();
      List<String> told = new ArrayList<>();

      new Uninstall(client, namespace, Duration.ofSeconds(30), told::add).run();

      assertThat(client.resource(own).get()).isNull();
      assertThat(client.resource(labelled).get()).isNotNull();
      assertThat(client.resource(other).get()).isNotNull();
      assertThat(cluster.release(namespace, "model").get().getMetadata().getFinalizers()).isEmpty();
      assertThat(told).contains("let go of " + namespace + "/model");
      client.pods().inNamespace(namespace).withGracePeriod(0).delete();
      cluster.release(namespace, "model").delete();
    }
  }

  private static List<OwnerReference> owner(String name, String uid) {
    return List.of(
        new OwnerReferenceBuilder()
            .withApiVersion("corvid.dev/v1alpha1")
            .withKind("SwarmRelease")
            .withName(name)
            .withUid(uid)
            .withController(true)
            .build());
  }

  private Pod seeder(String name, List<OwnerReference> owners) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(Names.labels("seeder"))
        .withOwnerReferences(owners)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("seeder")
        .withImage("seeder")
        .endContainer()
        .endSpec()
        .build();
  }
}

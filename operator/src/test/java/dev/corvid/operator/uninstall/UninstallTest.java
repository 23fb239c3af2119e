package dev.corvid.operator.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of an installation takes with it what is Corvid's, and nothing that looks like it. */
@ExtendWith(RealApi.class)
class UninstallTest {
  private static final String RELEASE =
      """
      apiVersion: corvid.dev/v1alpha1
      kind: SwarmRelease
      metadata: {name: model, namespace: %s, finalizers: [corvid.dev/nodes]}
      spec: {source: {http: {url: "https://a/a.tar"}}, nodes: {selector: {}}}
      """;

  private final String namespace = "gone-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void removesOnlyTheSeedersThatAReleaseControls(ApiServer server) {
    try (KubernetesClient client = server.client()) {
      var cluster = new TestCluster(client);
      cluster.install(Path.of("../crds/swarmreleases.corvid.dev.yaml"));
      cluster.namespace(namespace);
      SwarmRelease release = cluster.apply(RELEASE.formatted(namespace));
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

  /** Between the list and the deletion, somebody else's pod came to that name. */
  @Test
  void leavesAPodThatTookTheNameOfASeeder(ApiServer server) {
    try (KubernetesClient client = server.client()) {
      var cluster = new TestCluster(client);
      cluster.install(Path.of("../crds/swarmreleases.corvid.dev.yaml"));
      cluster.namespace(namespace);
      SwarmRelease release = cluster.apply(RELEASE.formatted(namespace));
      Pod own = seeder("model-seeder-1", owner("model", release.getMetadata().getUid()));
      Pod named = client.resource(own).create();
      Pod changing =
          client
              .resource(seeder("model-seeder-2", owner("model", release.getMetadata().getUid())))
              .create();
      AtomicReference<Pod> taken = new AtomicReference<>();
      try (KubernetesClient slow =
          beforeDeletion(
              server,
              () -> {
                client.resource(named).withGracePeriod(0).delete();
                taken.set(client.resource(seeder("model-seeder-1", List.of())).create());
                cluster.run(changing, "10.0.0.7");
              })) {
        new Uninstall(slow, namespace, Duration.ofSeconds(30), _ -> {}).run();
      }

      assertThat(client.resource(taken.get()).get()).isNotNull();
      assertThat(client.resource(changing).get())
          .as("a seeder that only changed is removed")
          .satisfiesAnyOf(
              found -> assertThat(found).isNull(),
              found -> assertThat(found.getMetadata().getDeletionTimestamp()).isNotNull());
      client.pods().inNamespace(namespace).withGracePeriod(0).delete();
      cluster.release(namespace, "model").delete();
    }
  }

  /** A client that is held up once, before the first deletion that it asks for. */
  private static KubernetesClient beforeDeletion(ApiServer server, Runnable meanwhile) {
    var once = new AtomicBoolean();
    return server
        .builder()
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor(
                    "meanwhile",
                    new Interceptor() {
                      @Override
                      public void before(
                          BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if ("DELETE".equals(request.method()) && once.compareAndSet(false, true)) {
                          meanwhile.run();
                        }
                      }
                    }))
        .build();
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
        .withLabels(ResourceNames.labels("seeder"))
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

package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestQuota;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The chart's certificate authorities, in the namespaces of seeders. */
class CaBundleTest extends Installation {
  private static final String BUNDLE = "# a comment\n".repeat((1 << 20) / 12 - 10);

  @Override
  String config() {
    return "{\"peerImage\":\"corvid/peer:test\",\"seeder\":{\"caFile\":\"%s\"}}"
        .formatted(bundle());
  }

  @Test
  void aSeederMountsABundleOfAMebibyte() throws Exception {
    apply("a");

    var pod = cluster.awaitSeeder(namespace, "model");

    assertThat(placed().getData()).containsEntry("ca.crt", BUNDLE);
    assertThat(pod.getSpec().getVolumes())
        .filteredOn(volume -> volume.getConfigMap() != null)
        .extracting(Volume::getName, volume -> volume.getConfigMap().getName())
        .containsExactly(tuple("ca", "corvid-ca"));
  }

  @Test
  void anotherOneOfThatNameIsLeftAlone() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("corvid-ca")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("ca.crt", "mine")
                .build())
        .fieldManager("kubectl")
        .serverSideApply();

    apply("a");

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "SeederRefused"));
    assertThat(ready(refused).getMessage()).contains("the ConfigMap corvid-ca", "delete it");
    assertThat(placed().getData()).containsEntry("ca.crt", "mine");
    client.resource(placed()).delete();
    await().until(() -> cluster.seeders(namespace, "model").size() == 1);
  }

  @Test
  void namesTheConfigMapThatTheClusterRefuses() {
    var quota = TestQuota.none(client, namespace, "configmaps");

    apply("a");

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "SeederRefused"));
    assertThat(ready(refused).getMessage())
        .startsWith("the cluster refuses the ConfigMap corvid-ca")
        .contains("exceeded quota");
    client.resource(quota).delete();
    await().until(() -> cluster.seeders(namespace, "model").size() == 1);
  }

  private ConfigMap placed() {
    return client.configMaps().inNamespace(namespace).withName("corvid-ca").get();
  }

  private Path bundle() {
    try {
      return Files.writeString(directory.resolve("bundle.pem"), BUNDLE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.corvid.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.Golden;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeObjectsTest {
  private static final Roots.Root ROOT =
      new Roots.Root(
          "default", "/var/lib/corvid/default", null, null, null, null, null, null, null, null);

  @Test
  void makesOneReadOnlyVolumeForAllMatchingNodes() throws Exception {
    var selector =
        "{matchLabels: {role: ranking}, matchExpressions: [{key: gpu, operator: Exists}]}";

    Golden.assertEqual(VolumeObjects.volume(release(selector), ROOT, false), "volume.yaml");
  }

  @Test
  void makesAClaimThatOnlyThisVolumeServes() throws Exception {
    Golden.assertEqual(VolumeObjects.claim(release("{}")), "claim.yaml");
  }

  @Test
  void fitsUntilSelectorOrRootChange() {
    PersistentVolume all = VolumeObjects.volume(release("{}"), ROOT, false);
    var elsewhere =
        new Roots.Root("default", "/srv", null, null, null, null, null, null, null, null);

    assertThat(VolumeObjects.fits(all, VolumeObjects.volume(release("{}"), ROOT, false))).isTrue();
    assertThat(VolumeObjects.fits(all, VolumeObjects.volume(release("{}"), elsewhere, false)))
        .isFalse();
    assertThat(
            VolumeObjects.fits(
                all, VolumeObjects.volume(release("{matchLabels: {role: ranking}}"), ROOT, false)))
        .isFalse();
  }

  /** As volumes have it that were made when the root's path was taken as it was written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/corvid/default/",
        "/var/lib//corvid/default",
        "/var/lib/./corvid/default"
      })
  void fitsWhereverThePathLeadsToTheSameDirectory(String path) {
    var root = new Roots.Root("default", path, null, null, null, null, null, null, null, null);
    PersistentVolume before = VolumeObjects.volume(release("{}"), root, false);

    assertThat(VolumeObjects.fits(before, VolumeObjects.volume(release("{}"), ROOT, false)))
        .isTrue();
  }

  @Test
  void letsPodsRunOnlyWhereTheReleaseIsActiveWhenNodesSaySo() {
    var term =
        VolumeObjects.volume(release("{matchLabels: {role: ranking}}"), ROOT, true)
            .getSpec()
            .getNodeAffinity()
            .getRequired()
            .getNodeSelectorTerms()
            .getFirst();

    assertThat(term.getMatchExpressions())
        .singleElement()
        .satisfies(
            expression -> {
              assertThat(expression.getKey()).isEqualTo("release.corvid.dev/search.model");
              assertThat(expression.getOperator()).isEqualTo("Exists");
            });
  }

  private static SwarmRelease release(String selector) {
    return Serialization.unmarshal(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: search, uid: 11-22}
        spec: {source: {http: {url: "https://a/m.tar.gz"}}, nodes: {selector: %s}}
        """
            .formatted(selector),
        SwarmRelease.class);
  }
}

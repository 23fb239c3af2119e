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

class VolumeModelTest {
  private static final Roots.Root ROOT =
      new Roots.Root(
          "default", "/var/lib/corvid/default", null, null, null, null, null, null, null, null);

  @Test
  void makesOneReadOnlyVolumeForAllMatchingNodes() throws Exception {
    var selector =
        "{matchLabels: {role: ranking}, matchExpressions: [{key: gpu, operator: Exists}]}";

    Golden.assertEqual(VolumeModel.volume(release(selector), ROOT, false), "volume.yaml");
  }

  @Test
  void makesAClaimThatOnlyThisVolumeServes() throws Exception {
    Golden.assertEqual(VolumeModel.claim(release("{}")), "claim.yaml");
  }

  @Test
  void fitsUntilSelectorOrRootChange() {
    PersistentVolume all = VolumeModel.volume(release("{}"), ROOT, false);
    var elsewhere =
        new Roots.Root("default", "/srv", null, null, null, null, null, null, null, null);

    assertThat(VolumeModel.fits(all, VolumeModel.volume(release("{}"), ROOT, false))).isTrue();
    assertThat(VolumeModel.fits(all, VolumeModel.volume(release("{}"), elsewhere, false)))
        .isFalse();
    assertThat(
            VolumeModel.fits(
                all, VolumeModel.volume(release("{matchLabels: {role: ranking}}"), ROOT, false)))
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
    PersistentVolume before = VolumeModel.volume(release("{}"), root, false);

    assertThat(VolumeModel.fits(before, VolumeModel.volume(release("{}"), ROOT, false))).isTrue();
  }

  @Test
  void letsPodsRunOnlyWhereTheReleaseIsActiveWhenNodesSaySo() {
    var term =
        VolumeModel.volume(release("{matchLabels: {role: ranking}}"), ROOT, true)
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

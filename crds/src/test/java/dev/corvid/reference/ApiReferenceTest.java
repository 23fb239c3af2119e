package dev.corvid.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The CRD as it is committed, which CrdTest holds against its classes. */
class ApiReferenceTest {
  private static final Path CRD =
      Path.of(System.getProperty("maven.basedir", "."), "swarmreleases.corvid.dev.yaml");

  @Test
  void thePageHasEveryField() throws IOException {
    var crd = Serialization.unmarshal(Files.readString(CRD), CustomResourceDefinition.class);

    assertThat(crd.getSpec().getVersions()).as("the page is of one version").hasSize(1);
    ApiPage.of(crd).isCommittedAs("api.md");
  }
}

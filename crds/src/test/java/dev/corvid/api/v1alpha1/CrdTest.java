package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class CrdTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("maven.basedir", "."), "swarmreleases.corvid.dev.yaml");

  @TempDir Path workDirectory;

  @Test
  void committedYamlIsWhatTheClassesSay() throws IOException {
    String generated = Crd.yaml(workDirectory);
    if (Boolean.getBoolean("crd.write")) {
      Files.writeString(COMMITTED, generated);
    }
    assertThat(Files.readString(COMMITTED))
        .as("`make crd` updates %s", COMMITTED.getFileName())
        .isEqualTo(generated);
  }

  /** kubectl and Helm read YAML 1.1, in which a bare True is no text. */
  @Test
  void meansTheSameToEachParser() throws IOException {
    String committed = Files.readString(COMMITTED);
    Object asKubectlReadsIt = new Yaml(new SafeConstructor(new LoaderOptions())).load(committed);
    JsonNode asWeReadIt = Serialization.unmarshal(committed, JsonNode.class);

    assertThat(new ObjectMapper().<JsonNode>valueToTree(asKubectlReadsIt).toPrettyString())
        .isEqualTo(asWeReadIt.toPrettyString());
  }
}

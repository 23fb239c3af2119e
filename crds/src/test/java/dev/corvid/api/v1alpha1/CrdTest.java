package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        .as("`make crd` writes %s anew", COMMITTED.getFileName())
        .isEqualTo(generated);
  }
}

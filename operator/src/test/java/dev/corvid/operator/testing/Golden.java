package dev.corvid.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a model makes, compared with a committed file that a person can read. */
public final class Golden {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden");

  private Golden() {}

  /**
   * With {@code -Dgolden.write=true} the file is written instead: read the difference, commit it.
   */
  public static void assertEqual(Object made, String file) throws IOException {
    String yaml = Serialization.asYaml(made);
    Path golden = DIRECTORY.resolve(file);
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(golden, yaml);
    }
    assertThat(yaml)
        .as("to accept: mvn -pl operator -am test -Dgolden.write=true, then read git diff")
        .isEqualTo(Files.readString(golden));
  }
}

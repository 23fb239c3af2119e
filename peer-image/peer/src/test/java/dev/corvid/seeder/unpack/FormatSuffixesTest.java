package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.text.SourceFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code kubectl explain} says of suffixes is what the seeder does. */
class FormatSuffixesTest {
  private static final Pattern LISTED = Pattern.compile("URL''s suffix \\(([^)]*)\\)");

  @Test
  void theCrdListsThem() throws IOException {
    var crd = Files.readString(Path.of("../../crds/swarmreleases.corvid.dev.yaml"));
    var listed = LISTED.matcher(crd.replaceAll("\\s+", " "));

    assertThat(listed.find()).isTrue();
    assertThat(listed.group(1).split(" "))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(SourceFileName.Archive.values())
                .flatMap(archive -> archive.suffixes().stream())
                .toList());
  }
}

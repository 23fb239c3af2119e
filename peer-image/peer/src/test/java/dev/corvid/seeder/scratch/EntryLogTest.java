package dev.corvid.seeder.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.manifest.ManifestEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryLogTest {
  @TempDir Path directory;

  @Test
  void givesEntriesBackInTheOrderOfTheirPathsBytes() throws Exception {
    var random = new Random(7);
    var wanted =
        new TreeSet<String>(
            (one, other) ->
                Arrays.compareUnsigned(
                    one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
    while (wanted.size() < 5000) {
      var path = new StringBuilder();
      for (int length = 1 + random.nextInt(6); length > 0; length--) {
        path.appendCodePoint("a-./bäé\uFFEE\uD83D\uDE00".codePoints().toArray()[random.nextInt(9)]);
      }
      wanted.add(path.toString());
    }
    var shuffled = new ArrayList<>(wanted);
    java.util.Collections.shuffle(shuffled, random);

    var seen = new ArrayList<String>();
    try (var log = new EntryLog(directory.resolve("log"), 5000)) {
      for (var path : shuffled) {
        log.add(new ManifestEntry.Link(path, "to " + path));
      }
      log.forEachSorted(
          entry -> {
            seen.add(entry.path());
            assertThat(((ManifestEntry.Link) entry).text()).isEqualTo("to " + entry.path());
          });
    }

    assertThat(seen).containsExactlyElementsOf(wanted);
  }

  @Test
  void refusesMoreEntriesThanARevisionMayHave() throws Exception {
    try (var log = new EntryLog(directory.resolve("log"), 1)) {
      log.add(new ManifestEntry.EmptyDirectory("a"));

      assertThatThrownBy(() -> log.add(new ManifestEntry.EmptyDirectory("b")))
          .hasMessageContaining("more than 1 files");
    }
  }
}

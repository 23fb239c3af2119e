package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.seeder.SeederTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What patterns leave of a tar made at random is what they leave of its paths. {@code
 * -Dcorvid.fuzz.times=100} tries a hundred times as many, {@code -Dcorvid.fuzz.seed=…} others.
 */
class FileFilterPropertyTest {
  private static final long SEED = Long.getLong("corvid.fuzz.seed", 20261130);
  private static final int CASES = 50 * Integer.getInteger("corvid.fuzz.times", 1);

  /** Patterns, and what they match as a regular expression, directories above included. */
  private static final List<List<String>> PATTERNS =
      List.of(
          List.of("*", "(^|.*/)[^/]*(/.*)?"),
          List.of("[ab]", "(^|.*/)[ab](/.*)?"),
          List.of("dir", "(^|.*/)dir(/.*)?"),
          List.of("/dir/sub", "dir/sub(/.*)?"),
          List.of("dir/*", "dir/[^/]+(/.*)?"),
          List.of("**/{c,e}", "(^|.*/)[ce](/.*)?"),
          List.of("dirs/**", "dirs/.*"),
          List.of("long-*", "(^|.*/)long-[^/]*(/.*)?"),
          List.of("?", "(^|.*/)[^/](/.*)?"),
          List.of("odd-[!v]*", "(^|.*/)odd-[^v][^/]*(/.*)?"),
          List.of("first", "(^|.*/)first(/.*)?"));

  @TempDir Path scratch;

  @Test
  void takesWhatIncludeMatchesWithoutWhatExcludeMatches() throws Exception {
    int compared = 0;
    for (int i = 0; i < CASES; i++) {
      var random = new Random(SEED + i);
      byte[] tar = new RandomTar(SEED + i).bytes();
      List<ManifestEntry> all;
      try {
        all = UnpackedTree.of(directory(), new SeederTask.Files(null, null)).tar(tar);
      } catch (SourceException e) {
        continue; // TarOracleTest knows whether it should be
      }
      var include = some(random);
      var exclude = some(random);
      var expected =
          all.stream()
              .filter(entry -> include.isEmpty() || matchesAny(include, entry.path()))
              .filter(entry -> !matchesAny(exclude, entry.path()))
              .toList();
      var files = new SeederTask.Files(texts(include), texts(exclude));
      List<ManifestEntry> ours;
      try {
        ours = UnpackedTree.of(directory(), files).tar(tar);
      } catch (SourceException e) {
        // A hard link to what is left out, or no file at all.
        assertThat(e.getMessage())
            .as("seed %d, %s", SEED + i, files)
            .containsAnyOf("is left out", "spec.source.files");
        continue;
      }
      assertThat(ours).as("seed %d, %s", SEED + i, files).isEqualTo(expected);
      compared++;
    }
    assertThat(compared).isGreaterThan(CASES / 10);
  }

  private Path directory() throws Exception {
    return Files.createTempDirectory(scratch, "tree");
  }

  private static List<List<String>> some(Random random) {
    return random
        .ints(random.nextInt(3), 0, PATTERNS.size())
        .<List<String>>mapToObj(PATTERNS::get)
        .toList();
  }

  private static List<String> texts(List<List<String>> patterns) {
    return patterns.stream().map(List::getFirst).toList();
  }

  private static boolean matchesAny(List<List<String>> patterns, String path) {
    return patterns.stream()
        .anyMatch(
            pattern -> Pattern.compile(pattern.getLast(), Pattern.DOTALL).matcher(path).matches());
  }
}

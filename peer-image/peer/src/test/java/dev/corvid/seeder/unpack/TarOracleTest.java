package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever tar is unpacked comes out as GNU tar extracts it; what is refused has something that is
 * refused by name. {@code -Dcorvid.fuzz.times=100} tries a hundred times as many, {@code
 * -Dcorvid.fuzz.seed=…} others.
 */
@Tag("slow")
class TarOracleTest {
  private static final long SEED = Long.getLong("corvid.fuzz.seed", 20261129);
  private static final int TIMES = Integer.getInteger("corvid.fuzz.times", 1);
  private static final int CASES = 150 * TIMES;

  /** Fewer cases on a busy machine, where each process takes long. */
  private static final Duration ENOUGH = Duration.ofSeconds(12).multipliedBy(TIMES);

  @TempDir Path scratch;

  @BeforeEach
  void requireGnuTar() throws Exception {
    assumeThat(version()).as("GNU tar on this machine").contains("GNU tar");
  }

  @Test
  void whatIsUnpackedIsWhatGnuTarExtracts() throws Exception {
    long end = System.nanoTime() + ENOUGH.toNanos();
    int unpacked = 0;
    int tried = 0;
    for (int i = 0; i < CASES && System.nanoTime() < end; i++) {
      tried++;
      long seed = SEED + i;
      var random = new RandomTar(seed);
      byte[] tar = random.bytes();
      Map<String, String> ours;
      try {
        ours = ours(tar, 0);
      } catch (SourceException e) {
        assertThat(random.hasWhatIsRefused())
            .as("seed %d is refused: %s; made of %s", seed, e.getMessage(), random)
            .isTrue();
        continue;
      }
      assertThat(ours).as("seed %d, made of %s", seed, random).isEqualTo(extracted(tar, 0));
      unpacked++;
    }
    assertThat(unpacked).isGreaterThan(tried / 3);
  }

  /** Each link that is left out is one that leads out, and nothing else is missing. */
  @Test
  void leavesOutTheLinksThatLeadOutOfWhatGnuTarExtracts() throws Exception {
    long end = System.nanoTime() + ENOUGH.toNanos();
    int leftOut = 0;
    for (int i = 0; i < CASES / 4 && System.nanoTime() < end; i++) {
      long seed = SEED + i;
      var random = new RandomTar(seed, true);
      byte[] tar = random.bytes();
      Map<String, String> ours;
      try {
        ours = ours(tar, new SeederTask.Unpack("Tar", 0, "LeaveOut"));
      } catch (SourceException e) {
        assertThat(random.hasWhatIsRefused())
            .as("seed %d is refused: %s; made of %s", seed, e.getMessage(), random)
            .isTrue();
        continue;
      }
      var extracted = extracted(tar, 0);
      int all = extracted.size();
      extracted
          .entrySet()
          .removeIf(e -> e.getValue().startsWith("-> ") && leadsOut(e.getKey(), e.getValue()));
      assertThat(ours).as("seed %d, made of %s", seed, random).isEqualTo(extracted);
      leftOut += all - extracted.size();
    }
    assertThat(leftOut).isPositive();
  }

  /** Where it leads by the file system's rules, if no other link were on its way. */
  private static boolean leadsOut(String path, String arrow) {
    var text = arrow.substring("-> ".length());
    return text.startsWith("/")
        || text.matches("(.*/)?[^./][^/]*/\\.\\.(/.*)?")
        || !Path.of("/tree/" + path).resolveSibling(text).normalize().startsWith("/tree");
  }

  /**
   * Which components count is where readers of tars differ most. Not with two slashes in a row,
   * behind which GNU tar takes the rest of a stripped name for an absolute path.
   */
  @Test
  void dropsTheComponentsThatGnuTarDrops() throws Exception {
    var tar = new RawTar().directory("./");
    for (var name : List.of("./a", "./top/b", "d/./e", "x/./y/z", "p/q/r", "././f/g/h")) {
      tar.file(name, "content of " + name);
    }
    byte[] bytes = tar.directory("./empty/").hardLink("./p/q/s", "p/q/r").end();

    for (int strip = 0; strip <= 2; strip++) {
      assertThat(ours(bytes, strip)).as("%d", strip).isEqualTo(extracted(bytes, strip));
    }
  }

  private Map<String, String> ours(byte[] tar, int strip) throws IOException {
    return ours(tar, new SeederTask.Unpack("Auto", strip, null));
  }

  private Map<String, String> ours(byte[] tar, SeederTask.Unpack unpack) throws IOException {
    var directory = Files.createTempDirectory(scratch, "ours");
    var found = new TreeMap<String, String>();
    var tree = UnpackedTree.of(directory, unpack);
    tree.tar(tar);
    for (var entry : tree.manifest()) {
      found.put(
          entry.path(),
          switch (entry) {
            case ManifestEntry.File(var path, var size, var executable, var sha256) ->
                file(size, executable, sha256);
            case ManifestEntry.Link(var path, var text) -> "-> " + text;
            case ManifestEntry.EmptyDirectory(var path) -> "directory";
          });
    }
    return found;
  }

  private Map<String, String> extracted(byte[] tar, int strip) throws Exception {
    var directory = Files.createTempDirectory(scratch, "gnu");
    var archive = Files.write(scratch.resolve("archive.tar"), tar);
    var builder =
        new ProcessBuilder(
                "tar",
                "--no-same-owner",
                "--strip-components=" + strip,
                "-xf",
                archive.toString(),
                "-C",
                directory.toString())
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    run(builder);
    var found = new TreeMap<String, String>();
    try (var all = Files.walk(directory)) {
      for (var path : (Iterable<Path>) all::iterator) {
        var name = directory.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          found.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          byte[] content = Files.readAllBytes(path);
          var sha256 = HexFormat.of().formatHex(Sha256.digest().digest(content));
          found.put(name, file(content.length, Files.isExecutable(path), sha256));
        } else if (!name.isEmpty() && isEmpty(path)) {
          found.put(name, "directory");
        }
      }
    }
    return found;
  }

  private static String file(long size, boolean executable, String sha256) {
    return "%d bytes%s %s".formatted(size, executable ? ", executable," : "", sha256);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var inside = Files.list(directory)) {
      return inside.findAny().isEmpty();
    }
  }

  private static String version() throws Exception {
    try {
      return run(new ProcessBuilder("tar", "--version"));
    } catch (IOException e) {
      return "no tar: " + e.getMessage();
    }
  }

  private static String run(ProcessBuilder builder) throws Exception {
    var process = builder.start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}

package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.OriginRateLimiter;
import dev.corvid.seeder.source.TrustStore;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a source and its mirrors answer, the result is the right bytes of one version or a
 * refusal; and once the source is well, the next attempts bring them, whatever was kept from those
 * before. {@code -Dcorvid.fuzz.times=…} runs as many times more cases, {@code -Dcorvid.fuzz.seed=…}
 * others.
 */
@Tag("slow")
class ResponsesPropertyTest {
  private static final int CASES = 4_000 * Integer.getInteger("corvid.fuzz.times", 1);
  private static final long SEED = Long.getLong("corvid.fuzz.seed", 15);
  private static final Set<Reason> REFUSALS =
      Set.of(
          Reason.SourceUnreachable,
          Reason.SourceAuthFailed,
          Reason.DigestMismatch,
          Reason.InvalidSpec);

  /** Ranges that are hung up on are asked for four times before the whole is. */
  private static final int MAX_ATTEMPTS_ONCE_WELL = 5;

  /** Whose order no seed can repeat. */
  private static final RangeSettings SEVERAL_CONNECTIONS =
      new RangeSettings(8, 5, 24, 3, 3, Duration.ofSeconds(10), System::nanoTime);

  /** The first one's names the file. */
  private static final List<String> NAMES = List.of("x.bin", "caf%E9.zip?x=1", "");

  /** Held here, or the level would be forgotten: each case would write some lines. */
  private static final Logger LOG = Logger.getLogger(SeederLog.class.getName());

  @TempDir Path scratch;
  private int fetched;
  private int refused;

  @BeforeAll
  static void beSilent() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  @Test
  void theBytesAreThoseOfOneVersionOrRefused() throws Exception {
    for (int i = 0; i < CASES; i++) {
      check(SEED * 1_000_003 + i);
    }
    // Neither all is refused nor all comes: the model does what it is for.
    assertThat(fetched).isGreaterThan(CASES / 2);
    assertThat(refused).isGreaterThan(CASES / 10);
  }

  private void check(long seed) throws Exception {
    var random = new Random(seed);
    int length = 1 + random.nextInt(50);
    var versions =
        List.of(
            bytes(random, length),
            bytes(random, random.nextBoolean() ? length : 1 + random.nextInt(50)),
            bytes(random, length));
    boolean pinned = random.nextBoolean();
    var model = new ModelSource(random, versions, pinned);
    var fixture = new FetchFixture(scratch, urls(1 + random.nextInt(3)));
    fixture.digest = pinned ? ResponsesTest.digestOf(versions.getFirst()) : null;
    if (random.nextBoolean()) {
      fixture.ranges = SEVERAL_CONNECTIONS;
    }
    var fetch = fetch(fixture, model, random);
    int attempts = random.nextInt(3) == 0 ? 1 : 2;
    for (int attempt = 0; attempt < attempts; attempt++) {
      if (random.nextInt(4) == 0) {
        fetch = fetch(fixture, model, random); // another container on the same scratch
      }
      var tree = attempt(fetch, seed);
      if (tree != null) {
        requireDigest(tree, seed, model);
        requireOneOf(pinned ? versions.subList(0, 1) : versions, seed, model);
        fetched++;
      } else {
        refused++;
      }
    }
    model.heal();
    if (model.hasAskedForAPause()) {
      fetch = fetch(fixture, model, random); // which knows of none
    }
    // What was kept may make a difference some times, never for good.
    FetchedTree last = null;
    for (int attempt = 0; last == null && attempt < MAX_ATTEMPTS_ONCE_WELL; attempt++) {
      last = attempt(fetch, seed);
    }
    assertThat(last).as(() -> "seed %d is stuck%n%s".formatted(seed, model.trace())).isNotNull();
    requireDigest(last, seed, model);
    requireOneOf(versions.subList(0, 1), seed, model);
    new ScratchVolume(scratch).forgetSource();
  }

  private static FetchedTree attempt(FullFetch fetch, long seed) throws InterruptedException {
    try {
      return fetch.run(new ScratchBudget(0));
    } catch (SourceException e) {
      assertThat(e.reason()).as("seed %d: %s", seed, e.getMessage()).isIn(REFUSALS);
      return null;
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  /** What was written is what was hashed, whoever brought it. */
  private void requireDigest(FetchedTree tree, long seed, ModelSource model) throws IOException {
    assertThat(ResponsesTest.digestOf(Files.readAllBytes(scratch.resolve("tree/x.bin"))))
        .as(() -> "seed %d%n%s".formatted(seed, model.trace()))
        .isEqualTo(tree.sourceDigest());
  }

  private void requireOneOf(List<byte[]> versions, long seed, ModelSource model)
      throws IOException {
    byte[] file = Files.readAllBytes(scratch.resolve("tree/x.bin"));
    assertThat(versions)
        .as(() -> "seed %d%n%s".formatted(seed, model.trace()))
        .anyMatch(version -> Arrays.equals(version, file));
  }

  private static FullFetch fetch(FetchFixture fixture, ModelSource model, Random random) {
    var sources =
        new SourceFactory(
            fixture.task(),
            null,
            AdminFiles.NONE,
            fixture.resolver,
            fixture.timeouts,
            new OriginRateLimiter(0)) {
          @Override
          HttpTransport connections(TrustStore trusted) {
            return model;
          }

          @Override
          RangeSettings ranges() {
            return fixture.ranges;
          }
        };
    return new FullFetch(
        fixture.task(),
        sources,
        new ScratchVolume(fixture.scratch()),
        fixture.progress,
        pause -> {},
        random,
        FetchFixture.BOOT);
  }

  private static String[] urls(int count) {
    var urls = new String[count];
    for (int i = 0; i < count; i++) {
      urls[i] = "http://mirror" + i + ".example/" + NAMES.get(i);
    }
    return urls;
  }

  private static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

package dev.corvid.store;

import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.tree.ReadThrottle;
import dev.corvid.wire.grant.Grant.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that has one revision is given another, switches, removes the first, and at last removes
 * all; the machine stops before each step of it in turn. Whatever is seen then is whole, and the
 * next process brings it to the end.
 */
@Tag("slow")
class CrashTest {
  private static final SampleRevision OLD = small(1);
  private static final SampleRevision NEW = small(2);
  private static final Map<String, SampleRevision> BY_NAME =
      Stream.of(OLD, NEW)
          .collect(Collectors.toMap(each -> each.content().revision(), Function.identity()));

  private static final int NEVER = Integer.MAX_VALUE;

  /** Checkpoints as often as can be. */
  private static final StoreExecutors EAGER =
      new StoreExecutors(Runnable::run, Runnable::run, Runnable::run);

  /** How the machine stops. */
  enum End {
    KILLED,
    POWER_LOST_AFTER_NAMES,
    POWER_LOST
  }

  @ParameterizedTest
  @EnumSource
  void noStepLeavesAHalfTreeAndTheNextProcessGoesOn(End end, @TempDir Path directory)
      throws IOException {
    var stopBefore = 0;
    var finished = false;
    while (!finished) {
      stopBefore++;
      var path = Files.createDirectory(directory.resolve("step" + stopBefore));
      finished = crashOnce(path, stopBefore, end);
    }
    assertThat(stopBefore).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource
  void noStepOfARepairLeavesAHalfFileAndTheNextProcessMends(End end, @TempDir Path directory)
      throws IOException {
    var stopBefore = 0;
    var finished = false;
    while (!finished) {
      stopBefore++;
      var path = Files.createDirectory(directory.resolve("step" + stopBefore));
      finished = crashRepairOnce(path, stopBefore, end);
    }
    assertThat(stopBefore).isGreaterThan(20);
  }

  private static boolean crashRepairOnce(Path path, int stopBefore, End end) throws IOException {
    var store = new StoreFixture(path);
    try (var disk = new CrashingDisk(path, NEVER);
        var root = store.open(disk.top(), EAGER)) {
      StoreFixture.activate(root, 1, OLD);
    }
    var victim = store.current().toRealPath().resolve("bin/run");
    var good = Files.readAllBytes(victim);
    var bad = good.clone();
    bad[1] ^= 1;
    Files.delete(victim);
    Files.write(victim, bad);
    var finished = false;
    try (var disk = new CrashingDisk(path, stopBefore)) {
      try {
        mend(store, disk.top());
        finished = true;
      } catch (CrashingDisk.PowerOff e) {
        // the rest of this test
      }
      if (end != End.KILLED) {
        disk.losePower(end == End.POWER_LOST);
        store.bootId = "second";
      }
    }
    assertThat(Files.readAllBytes(victim)).isIn(good, bad);
    try (var disk = new CrashingDisk(path, NEVER)) {
      mend(store, disk.top());
    }
    assertTree(store.current().toRealPath(), OLD);
    assertThat(path.resolve(".corvid/staging")).isEmptyDirectory();
    assertThat(path.resolve(".corvid/trash")).isEmptyDirectory();
    return finished;
  }

  /** What a node does for a revision that was damaged, from wherever it finds itself. */
  private static void mend(StoreFixture store, Directory top) throws IOException {
    try (var root = store.open(top, EAGER)) {
      var release = root.release(StoreFixture.NAME);
      var held = release.held(OLD.content().manifestDigest());
      if (held.isPresent()) {
        release.integrity().checked(held.get(), held.get().check(ReadThrottle.UNLIMITED));
      }
      var repair = release.integrity().repair(OLD.content());
      if (repair.isPresent()) {
        try (var open = repair.get()) {
          IntegrityCheckerTest.deliver(open, OLD);
          open.finish();
        }
      }
      assertThat(release.active()).isPresent();
    }
  }

  private static boolean crashOnce(Path path, int stopBefore, End end) throws IOException {
    var store = new StoreFixture(path);
    try (var disk = new CrashingDisk(path, NEVER);
        var root = store.open(disk.top(), EAGER)) {
      StoreFixture.activate(root, 1, OLD);
    }
    var finished = false;
    try (var disk = new CrashingDisk(path, stopBefore)) {
      try {
        live(store, disk.top());
        finished = true;
      } catch (CrashingDisk.PowerOff e) {
        // the rest of this test
      }
      if (end != End.KILLED) {
        disk.losePower(end == End.POWER_LOST);
        store.bootId = "second";
      }
    }
    assertEverythingVisibleIsWhole(store);
    try (var disk = new CrashingDisk(path, NEVER)) {
      live(store, disk.top());
    }
    assertNothingIsLeft(path);
    return finished;
  }

  /** What a node does, from wherever it finds itself. */
  private static void live(StoreFixture store, Directory top) throws IOException {
    try (var root = store.open(top, EAGER)) {
      var release = root.release(StoreFixture.NAME);
      if (release.state().epoch() < 3) {
        obey(root, 2, Action.ACTIVATE, NEW);
        release.activate(hold(release));
        assertTree(store.current().toRealPath(), NEW);
        store.clock.advance(Duration.ofHours(1));
        release.retain(List.of(NEW.content().manifestDigest()));
        assertThat(release.held()).hasSize(1);
        obey(root, 3, Action.REMOVE, null);
      }
      release.remove();
    }
  }

  private static Revision hold(Release release) throws IOException {
    var content = NEW.content();
    var held = release.held(content.manifestDigest());
    if (held.isPresent()) {
      return held.get();
    }
    try (var download = release.download(content, NEW.metainfo())) {
      for (var attempt = 1; ; attempt++) {
        try {
          if (download.mayReuse()) {
            NEW.deliverManifest(download);
            download.reuse(() -> false);
          }
          NEW.deliver(download);
          return download.finish();
        } catch (StoreException e) {
          // Names that were lost with the power are found missing, once for each file at most.
          assertThat(e.reason()).isEqualTo(dev.corvid.wire.Reason.Corrupted);
          assertThat(attempt).isLessThan(5);
        }
      }
    }
  }

  private static void assertEverythingVisibleIsWhole(StoreFixture store) throws IOException {
    var release = store.path.resolve("search/model");
    var revisions = release.resolve("revisions");
    if (Files.exists(revisions)) {
      try (var entries = Files.list(revisions)) {
        for (var revision : entries.toList()) {
          assertTree(revision, BY_NAME.get(revision.getFileName().toString()));
        }
      }
    }
    var removing =
        Files.readString(store.path.resolve(".corvid/state/search.model.json"))
            .contains("\"epoch\":3");
    if (Files.exists(store.current(), LinkOption.NOFOLLOW_LINKS)) {
      assertThat(store.current().toRealPath()).isDirectory();
    } else {
      assertThat(removing).isTrue();
    }
  }

  private static void assertNothingIsLeft(Path path) throws IOException {
    try (var left = Files.walk(path)) {
      assertThat(
              left.filter(each -> !Files.isDirectory(each))
                  .map(each -> path.relativize(each).toString()))
          .containsExactlyInAnyOrder(
              ".corvid/lock", ".corvid/state/search.model.json", ".corvid/state/spare");
    }
    assertThat(path.resolve(".corvid/staging")).isEmptyDirectory();
    assertThat(path.resolve("search")).doesNotExist();
  }

  private static SampleRevision small(long seed) {
    var random = new Random(seed);
    return new SampleRevision.Builder()
        .file("bin/run", SampleRevision.bytes(random, SampleRevision.PIECE + 1), true)
        .file("empty", new byte[0], false)
        .file("lib/a", SampleRevision.bytes(random, 100), false)
        .file("lib/same", new byte[SampleRevision.PIECE], false)
        .link("lib/run", "../bin/run")
        .emptyDirectory("var")
        .build();
  }
}

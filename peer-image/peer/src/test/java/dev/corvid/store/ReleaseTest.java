package dev.corvid.store;

import static dev.corvid.store.StoreFixture.activate;
import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.download;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.error.StoreException;
import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseTest {
  private static final SampleRevision FIRST = SampleRevision.of(1);
  private static final SampleRevision SECOND = SampleRevision.of(2);
  private static final SampleRevision THIRD = SampleRevision.of(3);

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
  }

  @Test
  void aDownloadedRevisionIsExactlyWhatWasPublished() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);

      assertTree(directory.resolve("search/model/revisions/" + FIRST.content().revision()), FIRST);
      assertThat(Files.readSymbolicLink(store.current()))
          .isEqualTo(Path.of("revisions/" + FIRST.content().revision()));
      assertThat(directory.resolve(".corvid/staging")).isEmptyDirectory();
      assertThat(directory.resolve(".corvid/trash")).isEmptyDirectory();
    }
  }

  @Test
  void whatIsPrivateCannotBeEnteredByOthers() throws IOException {
    try (var root = store.open()) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(".corvid")))
          .allMatch(each -> each.name().startsWith("OWNER"));
      assertThat(root.releases()).isEmpty();
    }
  }

  @Test
  void currentMovesAndTheOldRevisionStaysForItsTime() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      activate(root, 2, SECOND);
      var release = root.release(StoreFixture.NAME);
      var old = directory.resolve("search/model/revisions/" + FIRST.content().revision());
      var keep = List.of(SECOND.content().manifestDigest());

      var again = release.retain(keep);
      assertThat(again).contains(store.clock.instant().plusSeconds(600));
      assertTree(old, FIRST);
      assertThat(release.active().orElseThrow().content()).isEqualTo(SECOND.content());

      store.clock.advance(Duration.ofSeconds(600));
      assertThat(release.retain(keep)).isEmpty();
      assertThat(old).doesNotExist();
      assertTree(store.current().toRealPath(), SECOND);
    }
  }

  @Test
  void aClockThatIsSetBackKeepsTheOldRevisionForItsTimeAndNoLonger() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      activate(root, 2, SECOND);
      store.clock.advance(Duration.ofDays(-365));
      var release = root.release(StoreFixture.NAME);
      var keep = List.of(SECOND.content().manifestDigest());
      assertThat(release.retain(keep)).contains(store.clock.instant().plusSeconds(600));

      store.clock.advance(Duration.ofSeconds(600));

      assertThat(release.retain(keep)).isEmpty();
      assertThat(release.held()).hasSize(1);
    }
  }

  @Test
  void aRevisionInHistoryIsActivatedAgainWithoutADownload() throws IOException {
    try (var root = store.open()) {
      var first = activate(root, 1, FIRST);
      activate(root, 2, SECOND);
      var release = obey(root, 3, Action.ACTIVATE, FIRST);

      release.activate(release.held(first.content().manifestDigest()).orElseThrow());

      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  @Test
  void aReleaseMadeAgainUnderItsNameLosesNothingUntilItSwitches() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      activate(root, 2, SECOND);
      var again = obey(root, "made-again", 3, Action.ACTIVATE, SECOND, DeletionPolicy.DELETE);
      store.clock.advance(Duration.ofSeconds(600));

      assertThat(again.retain(List.of(SECOND.content().manifestDigest()))).isEmpty();
      assertThat(again.held()).hasSize(2);
      assertTree(store.current().toRealPath(), SECOND);
    }
    try (var root = store.open()) {
      var again = obey(root, "made-again", 4, Action.ACTIVATE, THIRD, DeletionPolicy.DELETE);
      again.activate(download(again, THIRD));
      again.retain(List.of(THIRD.content().manifestDigest(), SECOND.content().manifestDigest()));

      assertThat(again.held()).hasSize(2);
      assertThat(again.held(FIRST.content().manifestDigest())).isEmpty();
    }
  }

  @Test
  void aRestartedProcessKnowsWhatItHoldsAndWhatItWasTold() throws IOException {
    try (var root = store.open()) {
      activate(root, 7, FIRST);
    }
    try (var root = store.open()) {
      var release = root.releases().getFirst();
      assertThat(release.state().epoch()).isEqualTo(7);
      assertThat(release.state().grant().payload()).isEqualTo("grant 7");
      var revision = release.active().orElseThrow();
      assertThat(revision.content()).isEqualTo(FIRST.content());
      try (var storage = revision.open()) {
        var all = ByteBuffer.allocate(FIRST.bytes().length);
        storage.read(0, all);
        assertThat(all.array()).isEqualTo(FIRST.bytes());
      }
    }
  }

  @Test
  void aFinishedDownloadGoesOnServing() throws IOException {
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, FIRST);
      try (var download = release.download(FIRST.content(), FIRST.metainfo())) {
        FIRST.deliver(download);
        download.finish();
        var all = ByteBuffer.allocate(FIRST.bytes().length);
        download.read(0, all);
        assertThat(all.array()).isEqualTo(FIRST.bytes());
        assertThat(download.bytesDone()).isEqualTo(download.bytesTotal());
      }
      assertThat(release.active()).isEmpty();
      assertThat(store.current()).doesNotExist();
    }
  }

  @Test
  void anOlderGrantIsRefusedAlsoAfterARemoval() throws IOException {
    try (var root = store.open()) {
      activate(root, 5, FIRST);
      refused(() -> obey(root, 4, Action.ACTIVATE, FIRST), Reason.InvalidSpec);
      obey(root, 6, Action.REMOVE, null).remove();
    }
    try (var root = store.open()) {
      refused(() -> obey(root, 5, Action.ACTIVATE, FIRST), Reason.InvalidSpec);
      assertThat(directory.resolve("search")).doesNotExist();
      assertThat(root.releases().getFirst().state().removed()).isTrue();
    }
  }

  @Test
  void aRetainedReleaseKeepsItsFilesAndIsTakenOverByTheNextOfThatName() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      obey(root, StoreFixture.UID, 2, Action.REMOVE, null, DeletionPolicy.RETAIN).remove();
      assertTree(store.current().toRealPath(), FIRST);
      assertThat(root.usage().used().bytes()).as("what quotas count").isPositive();

      var next = obey(root, "another", 3, Action.ACTIVATE, FIRST, DeletionPolicy.DELETE);
      assertThat(next.held(FIRST.content().manifestDigest())).isPresent();
      refused(() -> obey(root, 4, Action.REMOVE, null), Reason.InvalidSpec);
      assertTree(store.current().toRealPath(), FIRST);

      obey(root, "another", 5, Action.REMOVE, null, DeletionPolicy.DELETE).remove();
      assertThat(directory.resolve("search")).doesNotExist();
      assertThat(root.usage().used()).isEqualTo(Footprint.NOTHING);
    }
  }

  @Test
  void aRemovalByWhoForgotTheReleaseGoesByThePolicyThatTheNodeKnows() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      var release = obey(root, StoreFixture.UID, 2, Action.ACTIVATE, FIRST, DeletionPolicy.RETAIN);
      var forgotten =
          new Grant(
              StoreFixture.UID,
              StoreFixture.NAME,
              null,
              "models",
              0,
              0,
              3,
              Action.REMOVE,
              null,
              null,
              List.of(),
              DeletionPolicy.DELETE,
              List.of("n"));

      release.obey(new SignedGrant("grant 3", "key", "signature"), forgotten);
      release.remove();

      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  @Test
  void aRemovalLeavesWhatIsNotCorvids() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      var foreign = Files.writeString(directory.resolve("search/model/notes"), "mine");
      obey(root, 2, Action.REMOVE, null).remove();
      assertThat(foreign).hasContent("mine");
      assertThat(directory.resolve("search/model/revisions")).doesNotExist();
    }
  }

  @Test
  void anEmptyDirectoryIsAdoptedAndForeignContentRefused() throws IOException {
    Files.createDirectories(directory.resolve("search/model"));
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, FIRST);
      Files.writeString(directory.resolve("search/model/notes"), "mine");
      refused(() -> download(release, FIRST), Reason.ForeignContent)
          .hasMessageContaining("search/model/notes");
      Files.delete(directory.resolve("search/model/notes"));
      download(release, FIRST);
    }
  }

  @Test
  void aLinkInThePathIsNotFollowed(@TempDir Path elsewhere) throws IOException {
    Files.createSymbolicLink(directory.resolve("search"), elsewhere);
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, FIRST);
      refused(() -> download(release, FIRST), Reason.ForeignContent);
      assertThat(elsewhere).isEmptyDirectory();
    }
  }

  @Test
  void aLinkInsteadOfRevisionsLeadsNoDeletionAstray(@TempDir Path elsewhere) throws IOException {
    var precious = elsewhere.resolve(FIRST.content().revision());
    Files.createDirectory(precious);
    Files.writeString(precious.resolve("file"), "precious");
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      var revisions = directory.resolve("search/model/revisions");
      Files.move(revisions, directory.resolve("search/model/moved"));
      Files.createSymbolicLink(revisions, elsewhere);
      var release = obey(root, 2, Action.REMOVE, null);
      assertThatThrownBy(release::remove).isInstanceOf(StoreException.class);
      assertThat(precious.resolve("file")).hasContent("precious");
    }
  }

  @Test
  void aRemovalIsObeyedOnADiskWithoutRoom() throws IOException {
    try (var disk = new CrashingDisk(directory, Integer.MAX_VALUE);
        var root = store.open(disk.top(), StoreFixture.INLINE)) {
      activate(root, 1, FIRST);
      var release = obey(root, 2, Action.HOLD, SECOND);
      try (var download = release.download(SECOND.content(), SECOND.metainfo())) {
        disk.fill();
        refused(() -> SECOND.deliver(download), Reason.InsufficientDisk)
            .hasMessageContaining("needs")
            .hasMessageContaining("root models has")
            .hasMessageContaining("tried again by itself");
      }
      obey(root, 3, Action.REMOVE, null).remove();
      assertThat(directory.resolve("search")).doesNotExist();
    }
  }

  @Test
  void noNameOfAReleaseCollidesWithWhatIsStaged() throws IOException {
    var staged = new ReleaseName("current", "search");
    var likeARevision = new ReleaseName("search", FIRST.content().revision());
    try (var root = store.open();
        var download = root.release(staged).download(FIRST.content(), FIRST.metainfo())) {
      var release = root.release(likeARevision);
      try (var other = release.download(SECOND.content(), SECOND.metainfo())) {
        SECOND.deliver(other);
        release.activate(other.finish());
      }
      FIRST.deliver(download);
      root.release(staged).activate(download.finish());
    }
    for (var name : List.of(staged, likeARevision)) {
      var current = directory.resolve(name.toString()).resolve("current");
      assertTree(current.toRealPath(), name == staged ? FIRST : SECOND);
    }
  }

  @Test
  void onlyOneProcessWorksInARoot() throws IOException {
    try (var root = store.open()) {
      refused(store::open, Reason.RootNotWritable);
      assertThat(root.releases()).isEmpty();
    }
    store.open().close();
  }

  @Test
  void aRecordThatCannotBeReadStopsItsReleaseAndDeletesNothing() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
    }
    var record = directory.resolve(".corvid/state/search.model.json");
    var good = Files.readString(record);
    Files.writeString(record, "{");
    try (var root = store.open()) {
      refused(() -> root.release(StoreFixture.NAME), Reason.ForeignContent);
      assertTree(store.current().toRealPath(), FIRST);
    }
    Files.writeString(record, good);
    try (var root = store.open()) {
      assertThat(root.release(StoreFixture.NAME).active()).isPresent();
      root.release(StoreFixture.NAME).active().orElseThrow().open().close();
    }
  }

  @Test
  void aFinishedFileThatSomebodyChangedIsFoundAndReplaced() throws IOException {
    try (var root = store.open()) {
      activate(root, 1, FIRST);
    }
    var file = store.current().toRealPath().resolve("lib/a.txt");
    Files.delete(file);
    Files.writeString(file, "changed");
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      assertThat(release.held(FIRST.content().manifestDigest())).isEmpty();
      assertThat(release.active()).as("is still what pods read").isPresent();
      download(release, FIRST);
      assertThat(release.held(FIRST.content().manifestDigest())).isPresent();
      assertThat(release.active()).isPresent();
    }
    assertTree(store.current().toRealPath(), FIRST);
  }

  @Test
  void theThirdRevisionMakesNoHistoryLongerThanItIsKept() throws IOException {
    try (var root = store.open()) {
      for (var revision : List.of(FIRST, SECOND, THIRD)) {
        activate(root, 1, revision);
        store.clock.advance(Duration.ofHours(1));
      }
      var release = root.release(StoreFixture.NAME);
      release.retain(List.of(SECOND.content().manifestDigest()));
      assertThat(release.held())
          .extracting(each -> each.content().revision())
          .containsExactlyInAnyOrder(SECOND.content().revision(), THIRD.content().revision());
      try (var entries = Files.list(directory.resolve("search/model/revisions"))) {
        assertThat(entries).hasSize(2);
      }
      assertThat(Files.exists(store.current(), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Reason reason) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}

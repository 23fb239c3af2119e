package dev.corvid.store;

import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.download;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.error.StoreException;
import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A namespace was deleted, and one of the same name is another owner's. */
class EarlierNamespaceTest {
  private static final SampleRevision FIRST = SampleRevision.of(1);
  private static final SampleRevision SECOND = SampleRevision.of(2);

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void fixture() {
    store = new StoreFixture(directory);
  }

  @ParameterizedTest
  @EnumSource(DeletionPolicy.class)
  void aNewOwnerOfTheNameSeesNothingOfTheFormerOne(DeletionPolicy policy) throws IOException {
    try (var root = store.open()) {
      held(root, policy);
      var release = obey(root, "new", "namespace-2", 2, Action.HOLD, SECOND, policy);

      assertThat(directory.resolve("search")).doesNotExist();
      assertThat(release.state().revisions()).isEmpty();
      release.activate(download(release, SECOND));
      assertTree(store.current().toRealPath(), SECOND);
    }
  }

  @Test
  void whatARemovalRetainedIsNotTheNextOwners() throws IOException {
    try (var root = store.open()) {
      held(root, DeletionPolicy.RETAIN);
      obey(root, "old", "namespace-1", 2, Action.REMOVE, null, DeletionPolicy.RETAIN).remove();
      assertTree(store.current().toRealPath(), FIRST);
    }
    try (var root = store.open()) {
      var release = obey(root, "new", "namespace-2", 3, Action.HOLD, FIRST, DeletionPolicy.DELETE);
      assertThat(release.held(FIRST.content().manifestDigest())).isEmpty();
      assertThat(directory.resolve("search")).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource(DeletionPolicy.class)
  void aRemovalForTheNewNamespaceRemovesWhatTheFormerOneLeft(DeletionPolicy policy)
      throws IOException {
    try (var root = store.open()) {
      held(root, policy);
      assertThat(root.release(StoreFixture.NAME).state().contentNamespaceUid())
          .isEqualTo("namespace-1");

      var release = obey(root, "new", "namespace-2", 2, Action.REMOVE, null, policy);
      release.remove();

      assertThat(directory.resolve("search")).doesNotExist();
      assertThat(release.state().contentNamespaceUid()).isNull();
    }
  }

  @Test
  void aRemovalOfAnotherReleaseOfTheSameNamespaceRemovesNothing() throws IOException {
    try (var root = store.open()) {
      held(root, DeletionPolicy.DELETE);
      assertThatThrownBy(
              () -> obey(root, "new", "namespace-1", 2, Action.REMOVE, null, DeletionPolicy.DELETE))
          .isInstanceOf(StoreException.class);
      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "namespace-1, NAMESPACE, true",
    "namespace-2, NAMESPACE, false",
    "namespace-2, ROOT, true",
    ", NAMESPACE, true"
  })
  void whatAFormerNamespaceLeftLendsNothing(
      String namespaceUid, Roots.Root.Sharing sharing, boolean isReusable) throws IOException {
    store.sharing = sharing;
    try (var root = store.open()) {
      held(root, DeletionPolicy.RETAIN);
      var other = other(root, namespaceUid);

      assertThat(root.others().hasReusableFor(other.state())).isEqualTo(isReusable);
      assertThat(root.others().reusableFor(other.state())).hasSize(isReusable ? 1 : 0);
    }
  }

  @Test
  void whatAFormerNamespaceLeftCountsForTheRootAlone() throws IOException {
    var each = Footprint.of(FIRST.metainfo());
    var quota = Long.toString(each.bytes() * 3 / 2);
    store.namespaceQuotas = Map.of("search", quota);
    store.namespaceFiles = Map.of("search", each.files() * 3 / 2);
    try (var root = store.open()) {
      held(root, DeletionPolicy.RETAIN);
      obey(root, "old", "namespace-1", 2, Action.REMOVE, null, DeletionPolicy.RETAIN).remove();
      beginSecond(other(root, "namespace-2"));
    }
    store.quota = quota;
    try (var root = store.open()) {
      var release = other(root, "namespace-2");
      assertThatThrownBy(() -> beginSecond(release)).hasMessageContaining("root models would hold");
    }
    store.quota = null;
    try (var root = store.open()) {
      var release = other(root, "namespace-1");
      assertThatThrownBy(() -> beginSecond(release)).hasMessageContaining("namespace search in");
    }
  }

  @Test
  void inTheSameNamespaceTheNextReleaseInherits() throws IOException {
    try (var root = store.open()) {
      held(root, DeletionPolicy.DELETE);
      var release =
          obey(root, "new", "namespace-1", 2, Action.ACTIVATE, FIRST, DeletionPolicy.DELETE);

      assertThat(release.held(FIRST.content().manifestDigest())).isPresent();
      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  @Test
  void anOlderGrantOfAnotherNamespaceRemovesNothing() throws IOException {
    try (var root = store.open()) {
      held(root, DeletionPolicy.DELETE);
      assertThatThrownBy(
              () -> obey(root, "new", "namespace-2", 1, Action.HOLD, SECOND, DeletionPolicy.DELETE))
          .isInstanceOf(StoreException.class);

      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  private void held(Root root, DeletionPolicy policy) throws IOException {
    var release = obey(root, "old", "namespace-1", 1, Action.ACTIVATE, FIRST, policy);
    release.activate(download(release, FIRST));
    assertTree(store.current().toRealPath(), FIRST);
  }

  /** Another release of a namespace of that name. */
  private static Release other(Root root, String namespaceUid) throws IOException {
    var other = root.release(new ReleaseName("search", "other"));
    var epoch = other.state().epoch() + 1;
    var grant =
        grant("new", other, namespaceUid, epoch, Action.HOLD, SECOND, DeletionPolicy.DELETE);
    other.obey(new SignedGrant("grant", "key", "signature"), grant);
    return other;
  }

  private static void beginSecond(Release release) throws IOException {
    release.download(SECOND.content(), SECOND.metainfo()).close();
  }

  private static Release obey(
      Root root,
      String uid,
      String namespaceUid,
      long epoch,
      Action action,
      SampleRevision wanted,
      DeletionPolicy policy)
      throws IOException {
    var release = root.release(StoreFixture.NAME);
    var grant = grant(uid, release, namespaceUid, epoch, action, wanted, policy);
    release.obey(new SignedGrant("grant " + epoch, "key", "signature"), grant);
    return release;
  }

  private static Grant grant(
      String uid,
      Release release,
      String namespaceUid,
      long epoch,
      Action action,
      SampleRevision wanted,
      DeletionPolicy policy) {
    return new Grant(
        uid,
        release.name(),
        namespaceUid,
        "models",
        1,
        0,
        epoch,
        action,
        wanted == null ? null : wanted.content(),
        wanted == null ? null : wanted.content().infoHash(),
        List.of(),
        policy,
        List.of("n"));
  }
}

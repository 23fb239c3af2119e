package dev.corvid.node.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.node.SampleRelease;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootRegistryTest {
  private static final SampleRelease SAMPLE = new SampleRelease(1, 1, 100);

  @TempDir Path directory;

  @Test
  void aRootInAnotherOneIsRefusedThroughALinkToo() throws IOException {
    Path inner = make("outer").resolve("inner");
    Files.createDirectory(inner);
    Files.createSymbolicLink(directory.resolve("link"), inner);
    make("apart");
    try (var shelf = shelf("outer", "link", "apart")) {
      for (String root : List.of("outer", "link")) {
        refused(shelf, root).hasMessageContaining("the same directory, or one is in the other");
      }
      assertThat(shelf.open(grant("apart")).config().name()).isEqualTo("apart");
    }
  }

  @Test
  void twoNamesOfOneDirectoryAreRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("other"), make("one"));
    try (var shelf = shelf("one", "other")) {
      refused(shelf, "other").hasMessageContaining("/host/one", "/host/other");
    }
  }

  @Test
  void aRootInWhichOthersMayWriteIsRefusedUntilTheyMayNot() throws IOException {
    Path root = make("open");
    try (var shelf = shelf("open")) {
      for (String mode : List.of("rwxrwxrwx", "rwxrwxr-x", "rwxr-xrwx")) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(mode));
        refused(shelf, "open").hasMessageContaining("chmod go-w /host/open");
      }
      assertThat(root).isEmptyDirectory();
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThat(shelf.open(grant("open")).releases()).isEmpty();
    }
  }

  @Test
  void aRootThatFailedToOpenIsOpenedOnceItIsRepaired() throws IOException {
    Path obstacle =
        Files.createFile(Files.createDirectory(make("disk").resolve(".corvid")).resolve("state"));
    try (var shelf = shelf("disk")) {
      refused(shelf, "disk").hasMessageContaining("cannot open root disk");
      Files.delete(obstacle);
      assertThat(shelf.open(grant("disk")).releases()).isEmpty();
    }
  }

  @Test
  void aRootThatIsMissingSaysSo() throws IOException {
    try (var shelf = shelf("gone")) {
      refused(shelf, "gone").hasMessageContaining("see that it is there");
    }
  }

  @Test
  void anotherDirectoryUnderARunningPeerIsSaid() throws IOException {
    Path root = make("disk");
    try (var shelf = shelf("disk")) {
      shelf.open(grant("disk"));
      Path before = Files.move(root, directory.resolve("beneath"));
      Files.createSymbolicLink(root, make("mounted")); // as a mount shows another directory
      refused(shelf, "disk")
          .hasMessageContaining("what is mounted at root disk (/host/disk) has changed")
          .hasMessageContaining("delete the peer's pod");
      assertThat(shelf.moved()).isEqualTo(1);

      Files.delete(root);
      Files.move(before, root);

      assertThat(shelf.moved()).isZero();
      assertThat(shelf.open(grant("disk")).config().name()).isEqualTo("disk");
    }
  }

  private Path make(String root) throws IOException {
    return Files.createDirectory(
        directory.resolve(root),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  private RootRegistry shelf(String... names) throws IOException {
    var roots = new ArrayList<Roots.Root>();
    for (String name : names) {
      roots.add(
          new Roots.Root(name, "/host/" + name, null, "0", null, null, null, null, null, null));
    }
    return new RootRegistry(
        new Roots(roots), directory, StoreOptions.ofThisMachine(), Root::open, opened -> {});
  }

  private static Grant grant(String root) {
    return new Grant(
        "uid",
        new ReleaseName("search", "model"),
        null,
        root,
        1,
        0,
        1,
        Grant.Action.HOLD,
        SAMPLE.content,
        SAMPLE.content.infoHash(),
        List.of(),
        DeletionPolicy.DELETE,
        List.of("node-1"));
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      RootRegistry shelf, String root) {
    return assertThatThrownBy(() -> shelf.open(grant(root)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RootNotWritable));
  }
}

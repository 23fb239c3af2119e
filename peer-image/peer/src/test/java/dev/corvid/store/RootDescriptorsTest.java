package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.piece.StoreExecutors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootDescriptorsTest {
  @TempDir Path temporary;
  private Path directory;
  private StoreFixture store;

  @BeforeEach
  void real() throws IOException {
    directory = temporary.toRealPath();
    store = new StoreFixture(directory);
  }

  @Test
  void aRootThatCannotBeOpenedLeavesNothingOpen() throws IOException {
    Files.createDirectories(directory.resolve(".corvid/running"));

    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(store::open).hasMessageContaining("running");
    }

    assertThat(open()).isEmpty();
  }

  @Test
  void aRootThatIsClosedLeavesNothingOpen() throws IOException {
    store.open().close();

    assertThat(open()).isEmpty();
  }

  @Test
  void whatWasToBeDeletedWhenTheRootWasClosedIsDeletedByTheNextOne() throws IOException {
    var left = directory.resolve(".corvid/trash/0/below");
    Files.createDirectories(left);
    Queue<Runnable> background = new ArrayDeque<>();
    var later = new StoreExecutors(background::add, _ -> {}, Runnable::run);
    store.open(SecureDirectory.open(directory), later).close();

    background.forEach(Runnable::run);
    assertThat(left).exists();

    store.open().close();
    assertThat(left.getParent()).doesNotExist();
  }

  /** What this process has open of the root. */
  private List<Path> open() throws IOException {
    List<Path> open = new ArrayList<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors) {
        // That of this very listing is gone afterwards, and others may be at any time.
        open.add(target(descriptor));
      }
    }
    open.removeIf(path -> !path.startsWith(directory));
    return open;
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return descriptor; // closed meanwhile, by somebody else
    }
  }
}

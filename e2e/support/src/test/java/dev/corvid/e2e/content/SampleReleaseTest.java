package dev.corvid.e2e.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.reader.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleReleaseTest {
  @TempDir Path folder;

  @Test
  void isTheSameTreeAfterTarHasUnpackedIt() throws IOException {
    var release = SampleRelease.of(7, 40, 1 << 20);
    var archive = release.archive(folder.resolve("x.tar.gz"));
    var unpacked = Files.createDirectory(folder.resolve("tree"));

    Command.of("tar", "xzf", archive.toString(), "-C", unpacked.toString()).run();

    assertThat(Tree.read(unpacked)).isEqualTo(release.tree());
    assertThat(release.sizeBytes()).isBetween(1L << 20, (1L << 20) + 64);
  }

  @Test
  void hasTheSameBytesForTheSameSeedAndOthersForAnother() {
    assertThat(SampleRelease.of(7, 40, 1 << 20).tree())
        .isEqualTo(SampleRelease.of(7, 40, 1 << 20).tree())
        .isNotEqualTo(SampleRelease.of(8, 40, 1 << 20).tree());
  }

  @Test
  void noticesAChangedByteAndAChangedMode() throws IOException {
    var release = SampleRelease.of(7, 40, 1 << 20);
    var archive = release.archive(folder.resolve("x.tar"));
    var unpacked = Files.createDirectory(folder.resolve("tree"));
    Command.of("tar", "xf", archive.toString(), "-C", unpacked.toString()).run();

    unpacked.resolve("VERSION").toFile().setExecutable(true);
    assertThat(Tree.read(unpacked)).isNotEqualTo(release.tree());
    unpacked.resolve("VERSION").toFile().setExecutable(false);
    assertThat(Tree.read(unpacked)).isEqualTo(release.tree());
    Files.writeString(unpacked.resolve("VERSION"), "another release!");
    assertThat(Tree.read(unpacked)).isNotEqualTo(release.tree());
  }
}

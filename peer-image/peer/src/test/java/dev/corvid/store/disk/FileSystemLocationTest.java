package dev.corvid.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemLocationTest {
  /** As a container sees two host paths, one in the other, and a disk of its own. */
  private static final List<String> MOUNTS =
      List.of(
          "22 1 0:44 / / ro,relatime - overlay overlay ro",
          "30 22 8:1 /var/lib/outer /roots/outer rw - ext4 /dev/sda1 rw",
          "31 22 8:1 /var/lib/outer/in\\040ner /roots/inner rw - ext4 /dev/sda1 rw",
          "32 22 8:1 /var/lib/outer2 /roots/like rw - ext4 /dev/sda1 rw",
          "33 22 8:17 / /roots/disk rw - xfs /dev/sdb1 rw",
          "34 22 8:33 / /roots/over rw - xfs /dev/sdc1 rw",
          "35 34 8:1 /var/lib/outer/x /roots/over rw - ext4 /dev/sda1 rw");

  @Test
  void aBindMountIsWhereItLeads() throws IOException {
    assertThat(place("inner"))
        .isEqualTo(new FileSystemLocation("8:1", Path.of("/var/lib/outer/in ner")));
    assertThat(place("disk/below")).isEqualTo(new FileSystemLocation("8:17", Path.of("/below")));
    assertThat(FileSystemLocation.of(Path.of("/roots"), MOUNTS).device()).isEqualTo("0:44");
  }

  @Test
  void aMountHidesThoseBelowIt() throws IOException {
    var mounts = new ArrayList<>(MOUNTS);
    mounts.addFirst("36 22 8:49 /srv /roots rw - xfs /dev/sdd1 rw");
    assertThat(FileSystemLocation.of(Path.of("/roots/disk"), mounts))
        .isEqualTo(new FileSystemLocation("8:49", Path.of("/srv/disk")));
    mounts.addFirst("37 36 8:17 /below /roots/disk rw - xfs /dev/sdb1 rw");
    assertThat(FileSystemLocation.of(Path.of("/roots/disk/x"), mounts))
        .isEqualTo(new FileSystemLocation("8:17", Path.of("/below/x")));
  }

  @Test
  void theSameOrOneInTheOtherOverlap() throws IOException {
    assertThat(place("outer").overlaps(place("inner"))).isTrue();
    assertThat(place("inner").overlaps(place("outer"))).isTrue();
    assertThat(place("outer").overlaps(place("over"))).as("the later mount is seen").isTrue();
    assertThat(place("outer").overlaps(place("like"))).isFalse();
    assertThat(place("outer").overlaps(place("disk"))).isFalse();
  }

  @Test
  void linksOfThisMachineAreSeenThrough(@TempDir Path directory) throws IOException {
    var outer = Files.createDirectories(directory.resolve("outer/inner")).getParent();
    var link = Files.createSymbolicLink(directory.resolve("link"), outer.resolve("inner"));
    assertThat(FileSystemLocation.of(link).overlaps(FileSystemLocation.of(outer))).isTrue();
    var beside = Files.createDirectory(directory.resolve("beside"));
    assertThat(FileSystemLocation.of(beside).overlaps(FileSystemLocation.of(outer))).isFalse();
  }

  private static FileSystemLocation place(String root) throws IOException {
    return FileSystemLocation.of(Path.of("/roots").resolve(root), MOUNTS);
  }
}

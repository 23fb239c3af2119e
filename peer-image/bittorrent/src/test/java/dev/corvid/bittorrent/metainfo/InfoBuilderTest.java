package dev.corvid.bittorrent.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InfoBuilderTest {
  @Test
  void startsFilesOfAtLeastOnePieceOnABoundary() throws MetainfoException {
    var info =
        new InfoBuilder("tree", 16)
            .file("a", 3, false)
            .file("b", 15, false)
            .file("c", 16, true)
            .file("d", 1, false)
            .layout();

    assertThat(IntStream.range(0, info.fileCount()).mapToObj(info::kind))
        .containsExactly(FileKind.FILE, FileKind.FILE, FileKind.PAD, FileKind.FILE, FileKind.FILE);
    assertThat(info.offset(1)).isEqualTo(3);
    assertThat(info.length(2)).isEqualTo(14);
    assertThat(info.offset(3)).isEqualTo(32);
    assertThat(info.executable(3)).isTrue();
    assertThat(info.totalLength()).isEqualTo(49);
    assertThat(info.pieceCount()).isEqualTo(4);
    assertThat(info.pieceLength(3)).isEqualTo(1);
  }

  /** Other programs name this content by this hash; it must never change. */
  @Test
  void givesTheSameBytesForEver() throws MetainfoException {
    var info =
        new InfoBuilder("tree", 16)
            .makePrivate()
            .file("bin/run", 20, true)
            .link("latest", "bin/run")
            .file("readme", 2, false)
            .build(new byte[40]);

    assertThat(info.infoHash().hex()).isEqualTo("43f185571cc5ddcd04169fb64d0662b66ea05d94");
    assertThat(info.isPrivate()).isTrue();
    assertThat(info.linkText(1)).isEqualTo("bin/run");
  }

  @Test
  void makesASingleFile() throws MetainfoException {
    var info = new InfoBuilder("model.bin", 16).onlyFile(17, false).layout();

    assertThat(info.isSingleFile()).isTrue();
    assertThat(info.path(0)).isEqualTo("model.bin");
    assertThat(info.pieceCount()).isEqualTo(2);
  }

  @Test
  void makesAnEmptyTree() throws MetainfoException {
    var info = new InfoBuilder("tree", 16).layout();

    assertThat(info.fileCount()).isZero();
    assertThat(info.pieceCount()).isZero();
  }

  @Test
  void refusesALinkOutOfTheTree() {
    var builder = new InfoBuilder("tree", 16);

    assertThatThrownBy(() -> builder.link("a/b", "../../etc"))
        .hasMessage("a/b links to '../../etc', which may lead out of the tree");
    assertThatThrownBy(() -> builder.link("a/b", "/etc"))
        .hasMessageContaining("only relative links are kept");
  }

  @Test
  void refusesPathsThatNoReaderWouldAccept() {
    assertThatThrownBy(() -> new InfoBuilder("tree", 16).file("a/../b", 0, false).layout())
        .isInstanceOf(MetainfoException.class);
    assertThatThrownBy(
            () -> new InfoBuilder("tree", 16).file("a", 0, false).file("a", 0, false).layout())
        .hasMessageContaining("two files");
  }

  @Test
  void holdsAHundredThousandFiles() throws MetainfoException {
    var builder = new InfoBuilder("tree", 1 << 18);
    for (var i = 0; i < 100_000; i++) {
      builder.file("directory-%03d/file-%05d".formatted(i / 1000, i), 10, false);
    }
    var info = builder.layout();

    assertThat(info.fileCount()).isEqualTo(100_000);
    assertThat(info.path(99_999)).isEqualTo("directory-099/file-99999");
    assertThat(info.fileAt(999_999)).isEqualTo(99_999);
  }
}

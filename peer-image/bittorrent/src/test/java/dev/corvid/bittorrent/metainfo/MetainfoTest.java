package dev.corvid.bittorrent.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Info dictionaries as they come from outside, written by hand. */
class MetainfoTest {
  private static final String HASH = "20:aaaaaaaaaaaaaaaaaaaa";

  @Test
  void readsASingleFile() throws MetainfoException {
    var info = info("d4:attr1:x6:lengthi5e4:name3:bin12:piece lengthi16e6:pieces" + HASH + "e");

    assertThat(info.isSingleFile()).isTrue();
    assertThat(info.fileCount()).isEqualTo(1);
    assertThat(info.path(0)).isEqualTo("bin");
    assertThat(info.length(0)).isEqualTo(5);
    assertThat(info.kind(0)).isEqualTo(FileKind.FILE);
    assertThat(info.executable(0)).isTrue();
    assertThat(info.isPrivate()).isFalse();
    assertThat(info.pieceCount()).isEqualTo(1);
    assertThat(info.pieceLength(0)).isEqualTo(5);
    assertThat(info.pieceHash(0)).isEqualTo("a".repeat(20).getBytes(ISO_8859_1));
  }

  @Test
  void readsFilesLinksAndPads() throws MetainfoException {
    var info =
        files(
            24,
            "d6:lengthi5e4:pathl1:a1:beed4:attr1:p6:lengthi11e4:pathl4:.pad2:11ee"
                + "d6:lengthi8e4:pathl1:ceed4:attr1:l4:pathl1:d1:ee12:symlink pathl1:a1:bee");

    assertThat(info.fileCount()).isEqualTo(4);
    assertThat(info.path(0)).isEqualTo("a/b");
    assertThat(info.kind(1)).isEqualTo(FileKind.PAD);
    assertThat(info.offset(2)).isEqualTo(16);
    assertThat(info.kind(3)).isEqualTo(FileKind.LINK);
    assertThat(info.linkTarget(3)).isEqualTo("a/b");
    assertThat(info.linkText(3)).isEqualTo("../a/b");
    assertThat(info.totalLength()).isEqualTo(24);
    assertThat(info.fileAt(0)).isZero();
    assertThat(info.fileAt(5)).isEqualTo(1);
    assertThat(info.fileAt(23)).isEqualTo(2);
  }

  @Test
  void skipsEmptyFilesWhenLookingForAByte() throws MetainfoException {
    var info = files(3, file("a", 0) + file("b", 0) + file("c", 3) + file("d", 0));

    assertThat(info.fileAt(0)).isEqualTo(2);
    assertThat(info.fileAt(2)).isEqualTo(2);
  }

  @Test
  void hashesTheDictionaryAsItStands() throws MetainfoException {
    var plain = info("d6:lengthi5e4:name1:a12:piece lengthi16e6:pieces" + HASH + "e");
    var more = info("d6:lengthi5e4:name1:a12:piece lengthi16e6:pieces" + HASH + "1:zi0ee");

    assertThat(plain.infoHash()).isNotEqualTo(more.infoHash());
    assertThat(InfoHash.ofInfo(more.infoBytes())).isEqualTo(more.infoHash());
  }

  @Test
  void allowsPadsOfEqualNames() throws MetainfoException {
    var pad = "d4:attr1:p6:lengthi1e4:pathl4:.pad1:1ee";

    assertThat(files(2, pad + pad).fileCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", "a/b", "/etc", "a\0b"})
  void refusesNamesThatLeaveTheirDirectory(String name) {
    assertThatThrownBy(() -> files(3, file(name, 3))).isInstanceOf(MetainfoException.class);
    assertThatThrownBy(
            () ->
                info(
                    "d6:lengthi5e4:name%d:%s12:piece lengthi16e6:pieces%se"
                        .formatted(name.length(), name, HASH)))
        .isInstanceOf(MetainfoException.class);
  }

  @Test
  void refusesALinkOutOfTheTree() {
    assertThatThrownBy(
            () -> files(0, "d4:attr1:l6:lengthi0e4:pathl1:de12:symlink pathl2:..3:etcee"))
        .isInstanceOf(MetainfoException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d6:lengthi1e4:pathl1:aeed6:lengthi1e4:pathl1:aee | two files have the path a",
        "d6:lengthi1e4:pathl1:aeed6:lengthi1e4:pathl1:a1:bee | a/b is below a path",
        "d6:lengthi1e4:pathl1:a1:beed6:lengthi1e4:pathl3:a-beed6:lengthi0e4:pathl1:aee | a/b is",
        "d6:lengthi-1e4:pathl1:aee | no usable length",
        "d4:pathl1:aee | no usable length",
        "d6:lengthi2ee | no path",
        "d6:lengthi2e4:pathlee | no path",
        "d4:attr1:l6:lengthi0e4:pathl1:aee | no target",
        "d4:attr1:l6:lengthi2e4:pathl1:ae12:symlink pathl1:bee | no usable length",
        "d6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi2e4:pathl1:bee | longer together"
      })
  void refusesFilesThatContradictThemselves(String files, String message) {
    assertThatThrownBy(() -> files(2, files)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d6:lengthi5e12:piece lengthi16e6:pieces20:aaaaaaaaaaaaaaaaaaaae | no name",
        "d6:lengthi5e4:name1:a12:piece lengthi16ee | BitTorrent v2",
        "d6:lengthi5e4:name1:a12:piece lengthi0e6:pieces0:e | a piece length of 0",
        "d6:lengthi5e4:name1:a12:piece lengthi-1e6:pieces0:e | a piece length of -1",
        "d6:lengthi5e4:name1:a12:piece lengthi999999999999e6:pieces0:e | a piece length of",
        "d6:lengthi5e4:name1:a12:piece lengthi16e6:pieces0:e | need 1 hashes",
        "d6:lengthi5e4:name1:a12:piece lengthi16e6:pieces3:abce | 3 bytes of piece hashes",
        "d4:name1:a12:piece lengthi16e6:pieces0:e | either one length or a list",
        "d5:filesle6:lengthi5e4:name1:a12:piece lengthi16e6:pieces0:e | either one length",
        "le | not an info dictionary"
      })
  void refusesDictionariesThatAreIncompleteOrContradictory(String info, String message) {
    assertThatThrownBy(() -> info(info)).hasMessageContaining(message);
  }

  private static String file(String name, int length) {
    return "d6:lengthi%de4:pathl%d:%see".formatted(length, name.length(), name);
  }

  private static Metainfo files(int total, String files) throws MetainfoException {
    var pieces = Math.ceilDiv(total, 16) * 20;
    return info(
        "d5:filesl%se4:name4:tree12:piece lengthi16e6:pieces%d:%se"
            .formatted(files, pieces, "a".repeat(pieces)));
  }

  private static Metainfo info(String info) throws MetainfoException {
    return Metainfo.ofInfo(info.getBytes(ISO_8859_1));
  }
}

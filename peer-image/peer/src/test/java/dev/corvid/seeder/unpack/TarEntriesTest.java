package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What entries of a tar mean for each other: links, replacements, holes. */
class TarEntriesTest {
  @TempDir Path scratch;
  private UnpackedTree tree;

  @BeforeEach
  void create() {
    tree = new UnpackedTree(scratch);
  }

  @Test
  void aHardLinkToALinkIsThatLink() throws Exception {
    var entries =
        tree.tar(tar().file("a", "content").link("b", "a").hardLink("c", "b").end()).stream();

    assertThat(entries)
        .contains(new ManifestEntry.Link("b", "a"), new ManifestEntry.Link("c", "a"));
  }

  @Test
  void aHardLinkToALinkIsRefusedWhereItsTextWouldLeadOut() {
    refused(
        tar().file("a", "x").directory("d/").link("d/b", "../a").hardLink("c", "d/b"),
        "'c'",
        "may lead out");
  }

  @Test
  void aHardLinkIsExecutableAsItsTargetIs() throws Exception {
    var entries = tree.tar(tar().file("a", bytes("x"), 0755).hardLink("b", "a").end());

    assertThat(entries)
        .allMatch(entry -> entry instanceof ManifestEntry.File file && file.executable());
  }

  @Test
  void aHardLinkToItselfChangesNothing() throws Exception {
    var entries = tree.tar(tar().file("foo", "content").hardLink("foo", "foo").end());

    assertThat(entries).hasSize(1);
    assertThat(tree.content("foo")).isEqualTo("content");
    refused(tar().file("a", "x").hardLink("foo", "foo"), "foo is a hard link to foo");
  }

  @Test
  void aHardLinkKeepsWhatItsTargetWasThen() throws Exception {
    tree.tar(tar().file("a", "old").hardLink("b", "a").file("a", "new").end());

    assertThat(tree.content("a")).isEqualTo("new");
    assertThat(tree.content("b")).isEqualTo("old");
  }

  @Test
  void hardLinksToLaterAndToExcludedEntriesAreRefusedWithBothNames() {
    refused(tar().hardLink("b", "a").file("a", "x"), "b is a hard link to a, which");
    refused(tar().directory("d/").file("x", "x").hardLink("b", "d"), "b is a hard link to d");
    tree = UnpackedTree.of(scratch, new SeederTask.Files(List.of(), List.of("skip")));
    byte[] excluded = tar().file("skip", "x").file("y", "y").hardLink("b", "skip").end();
    assertThatThrownBy(() -> tree.tar(excluded))
        .hasMessageContaining("b is a hard link to skip, which is left out");
  }

  @Test
  void aHardLinkWhoseHeaderRepeatsTheSizeHasNoBytes() throws Exception {
    var tar = tar().file("a", "x".repeat(700));
    tar.entry(tar.header("b", '1', "a", 700, 0644), new byte[0]).file("c", "c");

    assertThat(tree.tar(tar.end()).stream().map(ManifestEntry::path))
        .containsExactly("a", "b", "c");
    assertThat(tree.content("b")).hasSize(700);
  }

  /** GNU tar says "Unexpected EOF in archive". */
  @Test
  void anEntryThatIsLeftOutIsReadToTheEndThatItClaims() {
    var label = new RawTar().header("label", 'V', "", 0, 0644);
    label[124] = (byte) 0x80; // base-256
    Arrays.fill(label, 125, 128, (byte) 0);
    ByteBuffer.wrap(label).putLong(128, Long.MAX_VALUE);
    byte[] archive = new RawTar().entry(label, new byte[0]).file("g", "hello").end();

    assertThatThrownBy(() -> tree.tar(archive)).hasMessageContaining("cut off");
  }

  @Test
  void aLaterEntryReplacesAnEarlierOneOfItsKind() throws Exception {
    var entries =
        tree.tar(
            tar()
                .file("a", bytes("longer"), 0755)
                .link("l", "a")
                .file("b", "b")
                .file("./a", "new")
                .link("l", "b")
                .link("l", "b")
                .end());

    assertThat(entries).hasSize(3).contains(new ManifestEntry.Link("l", "b"));
    assertThat(entries.getFirst())
        .isInstanceOfSatisfying(
            ManifestEntry.File.class,
            file -> {
              assertThat(file.size()).isEqualTo(3);
              assertThat(file.executable()).isFalse();
            });
    assertThat(tree.content("a")).isEqualTo("new");
    assertThat(tree.files()).isEqualTo(2);
    assertThat(tree.bytes()).isEqualTo(4);
  }

  @Test
  void noEntryReplacesOneOfAnotherKind() {
    refused(tar().file("a", "x").link("a", "b"), "entry a is a link", "is a file");
    refused(tar().file("x", "x").link("a", "x").file("a", "y"), "entry a is a file", "is a link");
    refused(
        tar().file("x", "x").link("a", "x").hardLink("a", "x"), "entry a is a file", "is a link");
    refused(tar().file("d/x", "x").file("d", "y"), "entry d is a file", "is a directory");
    refused(tar().file("d/x", "x").link("d", "y"), "entry d is a link", "is a directory");
    refused(tar().file("d", "x").directory("d/"), "entry d", "not a directory");
  }

  @Test
  void whatIsReplacedIsNoLongerCountedAgainstScratch() throws Exception {
    tree = UnpackedTree.within(scratch, 200 << 10);
    var tar = tar();
    for (int i = 0; i < 10; i++) {
      tar.file("a", ("" + i).repeat(100 << 10));
    }

    assertThat(tree.tar(tar.end())).hasSize(1);
    assertThat(tree.content("a")).startsWith("99");
  }

  @Test
  void sparseFilesOfAllKindsExpand() throws Exception {
    var content = "\0".repeat(2000) + "x".repeat(512) + "\0".repeat(700) + "end" + "\0".repeat(97);
    byte[] body = bytes("x".repeat(512) + "end");
    var map = ("2\n2000\n512\n3212\n3\n").getBytes(StandardCharsets.UTF_8);
    var mapped = java.util.Arrays.copyOf(map, 512 + body.length);
    System.arraycopy(body, 0, mapped, 512, body.length);

    for (var tar :
        List.of(
            tar().oldSparse("s", 3312, body, 2000, 512, 3212, 3, 3312, 0),
            tar()
                .pax(
                    "GNU.sparse.size", "3312",
                    "GNU.sparse.numblocks", "2",
                    "GNU.sparse.offset", "2000",
                    "GNU.sparse.numbytes", "512",
                    "GNU.sparse.offset", "3212",
                    "GNU.sparse.numbytes", "3")
                .file("s", body, 0644),
            tar()
                .pax(
                    "GNU.sparse.size", "3312",
                    "GNU.sparse.numblocks", "2",
                    "GNU.sparse.name", "s",
                    "GNU.sparse.map", "2000,512,3212,3")
                .file("GNUSparseFile.0/s", body, 0644),
            tar()
                .pax(
                    "GNU.sparse.major", "1",
                    "GNU.sparse.minor", "0",
                    "GNU.sparse.name", "s",
                    "GNU.sparse.realsize", "3312")
                .file("GNUSparseFile.0/s", mapped, 0644))) {
      var own = new UnpackedTree(Files.createTempDirectory(scratch, "sparse"));
      var entries = own.tar(tar.file("behind", "b").end());

      assertThat(entries.stream().map(ManifestEntry::path)).containsExactly("behind", "s");
      assertThat(own.content("s")).isEqualTo(content);
    }
  }

  @Test
  void aSparseFileOfManyRegionsAndOneOfNothingButHolesExpand() throws Exception {
    var regions = new long[120];
    for (int i = 0; i < 60; i++) {
      regions[2 * i] = 1024L * i + 1;
      regions[2 * i + 1] = 512;
    }
    tree.tar(
        tar()
            .oldSparse("many", 61_440, bytes("y".repeat(60 * 512)), regions)
            .oldSparse("hole", 5000, new byte[0], 5000, 0)
            .oldSparse("none", 5000, new byte[0])
            .file("behind", "b")
            .end());

    assertThat(tree.content("many"))
        .isEqualTo(("\0" + "y".repeat(512) + "\0".repeat(511)).repeat(60));
    assertThat(tree.content("hole")).isEqualTo("\0".repeat(5000));
    assertThat(tree.content("none")).isEqualTo("\0".repeat(5000));
    assertThat(tree.content("behind")).isEqualTo("b");
  }

  @Test
  void aSparseFileIsCountedWholeBeforeItsFirstByteIsWritten() {
    tree = UnpackedTree.within(scratch, 1 << 20);
    byte[] tar = tar().oldSparse("s", 1L << 30, bytes("x"), 0, 1, 1L << 30, 0).end();

    assertThatThrownBy(() -> tree.tar(tar))
        .hasMessageContaining("scratch of 1Mi is too small")
        .hasMessageContaining("1.0Gi more");
    assertThat(scratch.resolve("tree/s")).doesNotExist();
  }

  @Test
  void mapsOfHolesThatMakeNoSenseAreRefused() {
    refused(tar().oldSparse("s", 100, bytes("xy"), 50, 1, 10, 1), "entry s", "map of holes");
    refused(tar().oldSparse("s", 100, bytes("xy"), 99, 2), "entry s", "map of holes");
    refused(tar().oldSparse("s", 100, bytes("xyz"), 1, 2), "entry s", "map of holes");
    refused(
        tar().oldSparse("s", 100, bytes("xy"), 1, 1, 10, 1), "entry s", "of a kind that is not");
    refused(
        tar().gnu().pax("GNU.sparse.size", "1", "GNU.sparse.map", "0,1").file("s", "x"),
        "entry s",
        "of a kind that is not");
    refused(
        tar().pax("GNU.sparse.major", "2", "GNU.sparse.minor", "0").file("s", "x"),
        "entry s",
        "sparse");
    refused(
        tar()
            .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "9")
            .file("s", "9".repeat(600)),
        "entry s",
        "map of holes");
  }

  @Test
  void readsHeadersAsTarDoes() throws Exception {
    var tar = tar();
    byte[] blank = tar.header("blank-owner", '0', "", 1, 0644);
    RawTar.put(blank, 108, "        ");
    RawTar.put(blank, 116, "        ");
    byte[] v7 = tar.header("v7", '\0', "", 1, 0644);
    RawTar.put(v7, 257, "\0".repeat(8));
    byte[] prefixed = tar.header("name", '0', "", 1, 0644);
    RawTar.put(prefixed, 345, "prefix/of");
    var entries =
        tree.tar(
            tar.entry(blank, bytes("x"))
                .entry(v7, bytes("x"))
                .entry(prefixed, bytes("x"))
                .entry(tar.header("quota/", '5', "", 1024, 0755), new byte[0])
                .entry(tar.header("slash/", '0', "", 0, 0755), new byte[0])
                .entry(tar.header("contiguous", '7', "", 1, 0644), bytes("x"))
                .pax("comment", "two\nlines\0", "path", "by-pax", "size", "2")
                .entry(tar.header("cut", '0', "", 7, 0644), bytes("xy"))
                .globalPax("comment", "c")
                .file("end", "x")
                .end());

    assertThat(entries.stream().map(ManifestEntry::path))
        .containsExactly(
            "blank-owner", "by-pax", "contiguous", "end", "prefix/of/name", "quota", "slash", "v7");
  }

  @Test
  void aGlobalHeaderThatNamesEveryEntryIsRefused() {
    refused(tar().globalPax("path", "all").file("a", "x"), "global pax header", "path");
  }

  private void refused(RawTar tar, String... parts) {
    try {
      var own = new UnpackedTree(Files.createTempDirectory(scratch, "refused"));
      assertThatThrownBy(() -> own.tar(tar.end()))
          .satisfies(e -> assertThat(e.getMessage()).contains(parts))
          .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
          .returns(Reason.InvalidContent, SourceException::reason);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RawTar tar() {
    return new RawTar();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.manifest.ManifestEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipTest {
  @TempDir Path scratch;
  private UnpackedTree tree;

  @BeforeEach
  void create() {
    tree = new UnpackedTree(scratch);
  }

  @Test
  void keepsExecutableBitsAndLinks() throws Exception {
    var entries =
        tree.zip(
            Archives.zip(
                zip ->
                    zip.file("bin/run", "run", 0100755)
                        .file("bin/to", "run", 0120777)
                        .file("ä", "umlaut", 0100644)
                        .file("empty/", "", 0040755)));

    assertThat(entries.stream().map(ManifestEntry::path))
        .containsExactly("bin/run", "bin/to", "empty", "ä");
    assertThat(entries.getFirst())
        .isInstanceOfSatisfying(
            ManifestEntry.File.class, file -> assertThat(file.executable()).isTrue());
    assertThat(entries.get(1)).isEqualTo(new ManifestEntry.Link("bin/to", "run"));
    assertThat(tree.content("ä")).isEqualTo("umlaut");
  }

  @Test
  void readsStoredEntriesAndZip64AndWhatStandsBeforeTheZip() throws Exception {
    byte[] zip =
        Archives.zip(
            z -> {
              z.out().setUseZip64(Zip64Mode.Always);
              z.stored("s", "stored".getBytes(StandardCharsets.UTF_8)).file("d", "deflated", 0644);
            });
    var prefixed = new byte[zip.length + 1000];
    System.arraycopy(zip, 0, prefixed, 1000, zip.length);

    assertThat(tree.zip(zip)).hasSize(2);
    assertThat(tree.content("s")).isEqualTo("stored");
    var other = new UnpackedTree(scratch.resolve("tree"));
    byte[] plain = Archives.zip(z -> z.file("d", "deflated", 0644));
    var withStub = new byte[plain.length + 1000];
    System.arraycopy(plain, 0, withStub, 1000, plain.length);
    assertThat(other.zip(withStub)).hasSize(1);
  }

  @Test
  void readsDeflate64AndBzip2() throws Exception {
    byte[] bzip2 = recoded(Archives.bzip2(bytes("hello")), 12);
    // One block that is stored, as RFC 1951 and Deflate64 have it alike.
    byte[] deflate64 = recoded(new byte[] {1, 5, 0, -6, -1, 'h', 'e', 'l', 'l', 'o'}, 9);

    for (byte[] zip : List.of(bzip2, deflate64)) {
      var own = new UnpackedTree(Files.createTempDirectory(scratch, "zip"));
      assertThat(own.zip(zip)).hasSize(1);
      assertThat(own.content("s")).isEqualTo("hello");
    }
    byte[] broken = recoded(bytes("hello, no bzip2"), 12);
    assertThatThrownBy(() -> tree.zip(broken)).hasMessageContaining("bytes are corrupt");
  }

  /** A zip of one entry {@code hello} whose packed bytes and method are these. */
  private static byte[] recoded(byte[] packed, int method) throws IOException {
    byte[] zip = Archives.zip(z -> z.stored("s", packed));
    var sum = new CRC32();
    sum.update(bytes("hello"));
    int record = new String(zip, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    var fields = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    fields.putShort(8, (short) method).putInt(14, (int) sum.getValue()).putInt(22, 5);
    fields
        .putShort(record + 10, (short) method)
        .putInt(record + 16, (int) sum.getValue())
        .putInt(record + 24, 5);
    return zip;
  }

  @Test
  void refusesWhatIsCorrupt() throws Exception {
    byte[] zip = Archives.zip(z -> z.stored("s", "stored".getBytes(StandardCharsets.UTF_8)));
    byte[] changed = zip.clone();
    int at = new String(zip, StandardCharsets.ISO_8859_1).indexOf("stored");
    changed[at] ^= 1;

    assertThatThrownBy(() -> tree.zip(changed))
        .hasMessageContaining("CRC-32 does not match")
        .hasMessageContaining("entry s");
    assertThatThrownBy(() -> tree.zip(Arrays.copyOf(zip, zip.length - 10)))
        .hasMessageContaining("cut off, or not a zip");
    assertThatThrownBy(() -> tree.zip(new byte[0])).hasMessageContaining("not a zip");
  }

  @Test
  void refusesNamesThatLeadOutAndTwoKindsOfOneName() throws Exception {
    byte[] out = Archives.zip(z -> z.file("../evil", "x", 0644));
    byte[] device = Archives.zip(z -> z.file("dev", "", 0020644));
    byte[] twice = Archives.zip(z -> z.file("a", "x", 0644).file("a", "y", 0120777));
    byte[] link = Archives.zip(z -> z.file("l", "../../etc", 0120777));

    assertThatThrownBy(() -> tree.zip(out)).hasMessageContaining("../evil leads out");
    assertThatThrownBy(() -> tree.zip(device)).hasMessageContaining("dev is a character device");
    assertThatThrownBy(() -> tree.zip(twice)).hasMessageContaining("entry a is a link");
    assertThatThrownBy(() -> tree.zip(link)).hasMessageContaining("may lead out");
  }

  @Test
  void theLaterOfTwoFilesOfOneNameStays() throws Exception {
    var entries = tree.zip(Archives.zip(z -> z.file("a", "old", 0644).file("a", "new", 0644)));

    assertThat(entries).hasSize(1);
    assertThat(tree.content("a")).isEqualTo("new");
  }

  @Test
  void backslashesMadeOnWindowsSeparateDirectories() throws Exception {
    byte[] zip =
        withBackslashes(
            z ->
                z.stored("folder|empty|", new byte[0])
                    .stored("folder|sub|file.txt", bytes("hello"))
                    .stored("folder/mixed|other.txt", bytes("other"))
                    .file("unix|name", "kept", 0100644));

    assertThat(tree.zip(zip).stream().map(ManifestEntry::path))
        .containsExactly(
            "folder/empty", "folder/mixed/other.txt", "folder/sub/file.txt", "unix\\name");
    byte[] out = withBackslashes(z -> z.stored("a|..|..|evil", bytes("x")));
    assertThatThrownBy(() -> tree.zip(out)).hasMessageContaining("leads out");
    byte[] absolute = withBackslashes(z -> z.stored("|evil", bytes("x")));
    assertThatThrownBy(() -> tree.zip(absolute)).hasMessageContaining("absolute path");
  }

  @Test
  void readsNamesOfCodePage437AndUnicodeExtraFields() throws Exception {
    byte[] dos = unflagged("Cp437", z -> z.stored("caf\u00e9", bytes("x")));
    byte[] unix = unflagged("UTF-8", z -> z.file("\u00fcber", "x", 0100644));
    byte[] utf8 = unflagged("UTF-8", z -> z.stored("\u6a21", bytes("x")));
    byte[] extra =
        unflagged(
            "Cp437",
            z -> {
              z.out().setCreateUnicodeExtraFields(UnicodeExtraFieldPolicy.NOT_ENCODEABLE);
              z.stored("\u578b", bytes("x"));
            });

    assertThat(pathsOf(dos)).containsExactly("caf\u00e9");
    assertThat(pathsOf(unix)).containsExactly("\u00fcber");
    assertThat(pathsOf(utf8)).containsExactly("\u6a21");
    assertThat(pathsOf(extra)).containsExactly("\u578b");
  }

  private List<String> pathsOf(byte[] zip) throws IOException {
    var own = new UnpackedTree(Files.createTempDirectory(scratch, "zip"));
    return own.zip(zip).stream().map(ManifestEntry::path).toList();
  }

  private static byte[] unflagged(String encoding, Archives.ZipFilling filling) throws IOException {
    return Archives.zip(
        zip -> {
          zip.out().setUseLanguageEncodingFlag(false);
          zip.out().setEncoding(encoding);
          filling.into(zip);
        });
  }

  /** The library's writer turns them about by itself. */
  private static byte[] withBackslashes(Archives.ZipFilling filling) throws IOException {
    byte[] zip = Archives.zip(filling);
    for (int i = 0; i < zip.length; i++) {
      zip[i] = zip[i] == '|' ? (byte) '\\' : zip[i];
    }
    return zip;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

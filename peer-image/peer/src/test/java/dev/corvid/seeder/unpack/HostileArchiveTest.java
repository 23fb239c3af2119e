package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.manifest.ManifestEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives made to take memory, or to be read otherwise than they look. */
class HostileArchiveTest {
  @TempDir Path scratch;

  @Test
  void refusesATarWhoseNameOrPaxHeaderTakesMoreThanAMebibyte() throws Exception {
    var endless = "n".repeat(2 << 20);
    var pax = "2097168 path=" + "n".repeat(2_097_154) + "\n";

    refusedTar(
        Archives.tar(tar -> raw(tar, TarConstants.LF_GNUTYPE_LONGNAME, endless)),
        "more than 1,048,576 bytes");
    refusedTar(
        Archives.tar(tar -> raw(tar, TarConstants.LF_GNUTYPE_LONGLINK, endless)),
        "more than 1,048,576 bytes");
    refusedTar(
        Archives.tar(tar -> raw(tar, TarConstants.LF_PAX_EXTENDED_HEADER_LC, pax)),
        "more than 1,048,576 bytes");
  }

  @Test
  void refusesANameLongerThanAnyPath() throws Exception {
    refusedTar(Archives.tar(tar -> tar.file("n".repeat(5000), "x")), "name of 5,000 characters");
    refusedZip(Archives.zip(zip -> zip.file("n".repeat(5000), "x", 0644)), "name of 5,000");
  }

  @Test
  void refusesATarOfHeadersForNoEntry() throws Exception {
    refusedTar(
        Archives.tar(
            tar -> {
              for (int i = 0; i < 100; i++) {
                raw(tar, TarConstants.LF_GNUTYPE_LONGNAME, "n");
              }
            }),
        "more than 16 headers");
  }

  @Test
  void refusesATarWhoseGlobalHeadersPileUp() throws Exception {
    var comment = "c".repeat(50_000);

    refusedTar(
        Archives.tar(
            tar -> {
              raw(tar, TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, comment);
              tar.file("a", "x");
              raw(tar, TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, comment);
              tar.file("b", "x");
            }),
        "global pax headers have more than 65,536 bytes");
  }

  @Test
  void readsATarWithAGlobalHeaderAsGitMakesIt() throws Exception {
    var entries =
        tree()
            .tar(
                Archives.tar(
                    tar -> {
                      raw(tar, TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, "1");
                      tar.file("a", "x");
                    }));

    assertThat(entries.stream().map(ManifestEntry::path)).containsExactly("a");
  }

  @Test
  void refusesNamesInTarsThatAreNotUtf8() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes, "ISO-8859-1")) {
      new Archives.Tar(out).file("caf\u00e9", "x");
    }
    byte[] gnu = Archives.gnuTar(tar -> tar.file("n".repeat(120) + "\u00e9", "x"));
    gnu[indexOf(gnu, "\u00e9") + 1] = 'e';
    byte[] pax = Archives.tar(tar -> tar.file("n".repeat(120) + "\u00e9", "x"));
    pax[indexOf(pax, "\u00e9") + 1] = 'e';

    refusedTar(bytes.toByteArray(), "caf\uFFFD has a name that is not UTF-8");
    refusedTar(gnu, "has a name that is not UTF-8");
    refusedTar(pax, "has a name that is not UTF-8");
  }

  @Test
  void refusesLongAbsoluteNamesAsItRefusesShortOnes() throws Exception {
    var name = "/" + "d/".repeat(100) + "x";

    refusedTar(Archives.tar(tar -> tar.file(name, "x")), "absolute path");
    refusedTar(Archives.gnuTar(tar -> tar.file(name, "x")), "absolute path");
  }

  @Test
  void refusesAKindOfEntryThatNobodyKnows() throws Exception {
    refusedTar(Archives.tar(tar -> raw(tar, (byte) 'Z', "x")), "type 0x5a");
  }

  @Test
  void refusesAZipWhoseDirectoryTakesTooMuchMemory() throws Exception {
    byte[] zip =
        Archives.zip(
            z -> {
              for (int i = 0; i < 300; i++) {
                z.stored("n".repeat(60_000) + i, new byte[0]);
              }
            });

    refusedZip(zip, "too many entries");
  }

  @Test
  void refusesPathsAndLinksThatSomeNodeCouldNotMake() throws Exception {
    var path = "d/".repeat(100) + ("e".repeat(240) + "/").repeat(13) + "f".repeat(167);
    assertThat(path).hasSize(3500);
    assertThat(tree().tar(Archives.tar(tar -> tar.file(path, "x")))).hasSize(1);
    refusedTar(Archives.tar(tar -> tar.file(path + "f", "x")), "longer than 3,500 bytes");
    var text = "t/".repeat(511) + "t";
    assertThat(tree().tar(Archives.tar(tar -> tar.file("a", "x").link("l", text)))).hasSize(2);
    refusedTar(
        Archives.tar(tar -> tar.file("a", "x").link("l", text + "t")), "longer than 1,023 bytes");
  }

  @Test
  void refusesEncryptedEntriesAndUnknownMethods() throws Exception {
    byte[] zip = Archives.zip(z -> z.stored("s", "x".getBytes(StandardCharsets.UTF_8)));
    int record = indexOf(zip, "PK\u0001\u0002");
    byte[] encrypted = zip.clone();
    encrypted[record + 8] |= 1;
    byte[] lzma = zip.clone();
    lzma[record + 10] = 14;

    refusedZip(encrypted, "entry s is encrypted; pack it without a password");
    refusedZip(lzma, "compressed by method 14");
  }

  @Test
  void refusesAZipWhoseDirectoryBreaksOff() throws Exception {
    byte[] zip = Archives.zip(z -> z.file("a", "x", 0644).file("b", "y", 0644));
    var text = new String(zip, StandardCharsets.ISO_8859_1);
    zip[text.lastIndexOf("PK\u0001\u0002")] = 'Q';

    refusedZip(zip, "the zip's directory is corrupt");
  }

  @Test
  void refusesZipEntriesOfAnotherLengthThanTheDirectorySays() throws Exception {
    byte[] zip = Archives.zip(z -> z.file("a", "hello", 0644));
    int size = indexOf(zip, "PK\u0001\u0002") + 24;
    byte[] shorter = zip.clone();
    shorter[size] = 9;
    byte[] longer = zip.clone();
    longer[size] = 2;

    refusedZip(shorter, "shorter than the zip's directory says");
    refusedZip(longer, "longer than the zip's directory says");
  }

  @Test
  void refusesNamesInZipsOfUnixThatAreNotUtf8() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipArchiveOutputStream(bytes)) {
      out.setEncoding("ISO-8859-1");
      out.setUseLanguageEncodingFlag(false);
      new Archives.Zip(out).file("caf\u00e9", "", 0100644);
    }

    refusedZip(bytes.toByteArray(), "caf\uFFFD has a name that is not UTF-8");
  }

  private static void raw(Archives.Tar tar, byte type, String body) throws IOException {
    boolean global = type == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER;
    var entry = new TarArchiveEntry("raw", type, true);
    entry.setModTime(0L);
    if (global) {
      // The writer makes the records itself.
      entry.addPaxHeader("comment", body);
    } else {
      entry.setSize(body.length());
    }
    tar.out().putArchiveEntry(entry);
    if (!global) {
      tar.out().write(body.getBytes(StandardCharsets.ISO_8859_1));
      tar.out().closeArchiveEntry();
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    var needle = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(needle);
    assertThat(at).isNotNegative();
    return at;
  }

  private UnpackedTree tree() throws IOException {
    return new UnpackedTree(Files.createTempDirectory(scratch, "tree"));
  }

  private void refusedTar(byte[] archive, String why) throws IOException {
    var tree = tree();
    assertThatThrownBy(() -> tree.tar(archive)).hasMessageContaining(why);
  }

  private void refusedZip(byte[] archive, String why) throws IOException {
    var tree = tree();
    assertThatThrownBy(() -> tree.zip(archive)).hasMessageContaining(why);
  }
}

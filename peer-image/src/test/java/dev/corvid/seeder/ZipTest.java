package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.ManifestEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
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
  void refusesNamesThatLeadOutAndTwoOfOneName() throws Exception {
    byte[] out = Archives.zip(z -> z.file("../evil", "x", 0644));
    byte[] device = Archives.zip(z -> z.file("dev", "", 0020644));
    byte[] twice = Archives.zip(z -> z.file("a", "x", 0644).file("a", "y", 0644));
    byte[] link = Archives.zip(z -> z.file("l", "../../etc", 0120777));

    assertThatThrownBy(() -> tree.zip(out)).hasMessageContaining("../evil leads out");
    assertThatThrownBy(() -> tree.zip(device)).hasMessageContaining("dev is a character device");
    assertThatThrownBy(() -> tree.zip(twice)).hasMessageContaining("entry a comes twice");
    assertThatThrownBy(() -> tree.zip(link)).hasMessageContaining("may lead out");
  }
}

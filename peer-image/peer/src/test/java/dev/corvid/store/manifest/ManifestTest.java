package dev.corvid.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String HEADER = "{\"corvid\":\"manifest\",\"version\":1}\n";
  private static final String SHA = "ab".repeat(32);

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    List<ManifestEntry> entries =
        List.of(
            new ManifestEntry.File("a \"quoted\" \\ name\n", 5, false, SHA),
            new ManifestEntry.File("bin/x", 1L << 40, true, SHA),
            new ManifestEntry.EmptyDirectory("dir/empty"),
            new ManifestEntry.Link("dir/link", "../bin/x"),
            new ManifestEntry.File("\u00e9\ud83d\ude00", 1, false, SHA));
    var out = new ByteArrayOutputStream();
    var writer = new ManifestWriter(out);
    for (var entry : entries) {
      writer.add(entry);
    }
    var summary = writer.finish();

    assertThat(read(out.toString(StandardCharsets.UTF_8))).isEqualTo(entries);
    assertThat(summary.files()).isEqualTo(3);
    assertThat(summary.entries()).isEqualTo(5);
    assertThat(summary.contentBytes()).isEqualTo(6 + (1L << 40));
    assertThat(summary.manifestBytes()).isEqualTo(out.size());
  }

  @Test
  void theFormIsFixedToTheByte() throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new ManifestWriter(out);
    writer.add(new ManifestEntry.File("bin/java", 7, true, SHA));
    writer.add(new ManifestEntry.EmptyDirectory("conf"));
    writer.add(new ManifestEntry.Link("java", "bin/java"));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            HEADER
                + "{\"path\":\"bin/java\",\"size\":7,\"executable\":true,\"sha256\":\"%s\"}\n"
                    .formatted(SHA)
                + "{\"path\":\"conf\",\"directory\":true}\n"
                + "{\"path\":\"java\",\"link\":\"bin/java\"}\n");
    assertThat(writer.finish().digest()).isEqualTo("sha256:" + sha256(out.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "/x",
        "a/../x",
        "a//x",
        "./x",
        "a/.",
        "a/",
        "",
        "nul\\u0000",
        ".corvid-manifest"
      })
  void aPathThatCouldLeaveIsRefused(String path) {
    refused(HEADER + file(path));
  }

  @Test
  void pathsAreBounded() {
    refused(HEADER + file("a".repeat(256)));
    refused(HEADER + file("a/".repeat(128) + "a"));
    refused(HEADER + file(("a".repeat(200) + "/").repeat(21) + "a"));
    refused(HEADER + file("\\ud800"));
    assertThatCode(() -> read(HEADER + file("a".repeat(255)))).doesNotThrowAnyException();
    assertThatCode(() -> read(HEADER + file("back\\\\slash"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "link,/etc/passwd",
    "link,..",
    "a/link,../../x",
    "link,a/../../x",
    "link,a/..",
    "a/b/l,../../..",
  })
  void aLinkThatCouldLeadOutIsRefused(String path, String text) {
    refused(HEADER + link(path, text));
  }

  @ParameterizedTest
  @CsvSource({"link,a/b", "a/link,..", "a/b/link,../../c", "link,.", "a/link,./x//y/"})
  void aLinkThatStaysInsideIsKept(String path, String text) {
    assertThatCode(() -> read(HEADER + link(path, text))).doesNotThrowAnyException();
  }

  @Test
  void orderAndNestingAreChecked() {
    refused(HEADER + file("b") + file("a"));
    refused(HEADER + file("a") + file("a"));
    refused(HEADER + file("a") + file("a/b"));
    refused(HEADER + file("a") + file("a-b") + file("a.b") + file("a/b"));
    refused(HEADER + link("a", "b") + file("a/b"));
    refused(HEADER + "{\"path\":\"a\",\"directory\":true}\n" + file("a/b"));
    assertThatCode(() -> read(HEADER + file("a-b/c") + file("a/b") + file("a0")))
        .doesNotThrowAnyException();
  }

  @Test
  void onlyOneSpellingIsAccepted() {
    refused(HEADER + file("a").replace("\"size\":1", "\"size\": 1"));
    refused(HEADER + file("a").replace("\"size\":1", "\"size\":1,\"executable\":false"));
    refused(HEADER + file("a").replace("\"a\"", "\"\\u0061\""));
    refused(HEADER + file("a").replace(SHA, SHA.toUpperCase()));
    refused(HEADER + file("a").replace("}", ",\"more\":1}"));
    refused(HEADER + file("a").replace("}", ",\"link\":\"b\"}"));
    refused(HEADER + file("a").replace("\"size\":1", "\"size\":-1"));
    refused(HEADER + file("a").replace("\"size\":1", "\"size\":0"));
  }

  @Test
  void whatIsNoManifestIsRefused() {
    refused("");
    refused("{}\n");
    refused("{\"corvid\":\"manifest\",\"version\":2}\n");
    refused(HEADER + file("a").strip());
    refused(HEADER + "null\n");
    refused(HEADER + "x".repeat(100_000));
    refused(HEADER + "[".repeat(50_000) + "\n");
  }

  @Test
  void aWriterRefusesWhatAReaderWould() throws IOException {
    var writer = new ManifestWriter(new ByteArrayOutputStream());
    assertThatThrownBy(() -> writer.add(new ManifestEntry.Link("l", "/etc")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("only relative links");
    assertThatThrownBy(() -> writer.add(new ManifestEntry.File("../x", 1, false, SHA)))
        .isInstanceOf(StoreException.class);
  }

  private static String file(String path) {
    return "{\"path\":\"%s\",\"size\":1,\"sha256\":\"%s\"}\n".formatted(path, SHA);
  }

  private static String link(String path, String text) {
    return "{\"path\":\"%s\",\"link\":\"%s\"}\n".formatted(path, text);
  }

  private static void refused(String manifest) {
    assertThatThrownBy(() -> read(manifest))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.InvalidContent));
  }

  private static List<ManifestEntry> read(String manifest) throws IOException {
    var entries = new ArrayList<ManifestEntry>();
    var bytes = manifest.getBytes(StandardCharsets.UTF_8);
    try (var reader = new ManifestReader(new ByteArrayInputStream(bytes))) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        entries.add(entry.get());
      }
    }
    return entries;
  }

  private static String sha256(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(Sha256.digest().digest(bytes));
  }
}

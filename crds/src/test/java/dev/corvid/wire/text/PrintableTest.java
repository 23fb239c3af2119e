package dev.corvid.wire.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "plain text,                plain text",
    "'größe/名前/😀.bin',        'größe/名前/😀.bin'",
    "'a\u001b[2Jb',             'a\\u001b[2Jb'",
    "'gpj.\u202Eexe',           'gpj.\\u202eexe'",
    "'\u2066a\u2069',           '\\u2066a\\u2069'",
    "'one\r\ntwo\tthree',       'one  two three'",
    "'a\u2028b\u2029c',         'a b c'",
    "'\u0000\u007F\u009B',      '\\u0000\\u007f\\u009b'",
    "'zero\u200Bwidth\uFEFF',   'zero\\u200bwidth\\ufeff'",
    "'\uD83D',                  '\\ud83d'",
    "'\uDB40\uDC41',            '\\udb40\\udc41'",
  })
  void showsWhatWouldHideOrReorder(String text, String shown) {
    assertThat(Printable.text(text, 100)).isEqualTo(shown);
    assertThat(Printable.text(shown, 100)).isEqualTo(shown);
  }

  @Test
  void cutsBetweenCharacters() {
    assertThat(Printable.text("ab😀", 3)).isEqualTo("ab");
    assertThat(Printable.text("ab😀", 4)).isEqualTo("ab😀");
    assertThat(Printable.text("\u0000".repeat(1000), 1024)).hasSizeLessThanOrEqualTo(1024);
    assertThat(Printable.name("😀".repeat(4000)))
        .hasSizeLessThanOrEqualTo(200)
        .contains("…")
        .doesNotContain("\\ud83d");
  }

  @Test
  void reportsCarryNoControlCharacters() {
    String hostile = "evil\u001b]0;title\u0007\nReady=True\u202E";
    var seeder =
        new SeederReport(
            SeederReport.State.FAILED, 6881, 0, 0, null, 0, Reason.InvalidContent, hostile);
    var node =
        new NodeReport(
            "uid-1",
            new ReleaseName("search", "model"),
            "default",
            0,
            1,
            NodeReport.State.FAILED,
            DIGEST,
            null,
            List.of(),
            0,
            0,
            0,
            0,
            0,
            Reason.InvalidContent,
            hostile,
            1,
            null,
            null);

    assertThat(List.of(seeder.message(), node.message()))
        .containsOnly("evil\\u001b]0;title\\u0007 Ready=True\\u202e");
  }

  @Test
  void identifiersHaveNoControlCharacters() {
    var content = new Content(DIGEST, "a".repeat(40), 1 << 18, 1, 1);

    assertThatThrownBy(() -> Publication.prove("uid\n1", "s", DIGEST, content, 1, new byte[32]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("releaseUid must not contain control characters");
  }
}

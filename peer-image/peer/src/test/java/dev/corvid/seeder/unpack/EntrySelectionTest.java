package dev.corvid.seeder.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.archive.EntryText;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntrySelectionTest {
  @ParameterizedTest
  @CsvSource({
    "0, ./a/b, a/b",
    "0, a//b/, a/b",
    "1, top/a/b, a/b",
    "1, ./a, a",
    "1, ./top/a, top/a",
    "2, ./top/a, a",
    "2, top/./a, a",
    "1, top//a, a",
    "2, top/mid/a, a",
  })
  void dropsLeadingComponentsAndDots(int strip, String name, String path) throws Exception {
    assertThat(selection(strip).pathOf(name)).contains(path);
  }

  @Test
  void leavesOutWhatHasNothingLeft() throws Exception {
    assertThat(selection(1).pathOf("top/")).isEmpty();
    assertThat(selection(0).pathOf("./")).isEmpty();
    assertThat(selection(1).pathOf("./")).isEmpty();
    assertThat(selection(2).pathOf("./a")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    ".git*, .gitignore, true",
    ".git*, a/.git/config, true",
    ".git*, a/x.git, false",
    "docs/*.md, docs/a.md, true",
    "docs/*.md, docs/a/b.md, false",
    "docs/*.md, x/docs/a.md, false",
    "**/test, a/b/test/c, true",
    "**/test, test, true",
    "a/**, a/b/c, true",
    "/top, top/x, true",
    "/top, a/top, false",
    "build/, a/build/x, true",
    "v?.txt, v1.txt, true",
    "v?.txt, v12.txt, false",
    "a+b, a+b, true",
    "[ab].bin, a.bin, true",
    "[ab].bin, x/b.bin, true",
    "[ab].bin, c.bin, false",
    "[!ab].bin, c.bin, true",
    "[^ab].bin, a.bin, false",
    "v[0-9a].bin, v7.bin, true",
    "v[0-9a].bin, vb.bin, false",
    "[[]x[]], [x], true",
    "[[]x[]]], [x], false",
    "[[]x], [x], true",
    "[]]x, ]x, true",
    "[-a]x, -x, true",
    "[*]x, *x, true",
    "[*]x, ax, false",
    "[!]x, !x, true",
    "[{]x, {x, true",
    "?x, \ud83d\ude00x, true",
    "a/**, a, false",
    "a/**/b, a/b, true",
    "a/**/b, a/x/y/b/c, true",
    "a/**/b, x/a/b, false",
    "**/a/**/b/*.c, x/a/y/b/z.c, true",
    "**/a/**/b/*.c, x/a/y/b/z/z.c, false",
    "**, a, true",
    "*, a/b, true",
  })
  void excludesByPattern(String pattern, String name, boolean excluded) throws Exception {
    assertThat(selection(0, pattern).pathOf(name).isEmpty()).isEqualTo(excluded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{a,b}.md; x/b.md; true",
        "{a,b}.md; c.md; false",
        "{docs,src/test}/*.md; docs/a.md; true",
        "{docs,src/test}/*.md; src/test/a.md; true",
        "x{,y}; x; true",
        "x{,y}; xy; true",
        "*.{tar,t{}; a.t{; false",
        "[{,}]x; ,x; true",
      })
  void excludesByAlternatives(String pattern, String name, boolean excluded) throws Exception {
    if (pattern.contains("{}")) {
      assertThatThrownBy(() -> selection(0, pattern)).hasMessageContaining("has a { within {}");
    } else {
      assertThat(selection(0, pattern).pathOf(name).isEmpty()).isEqualTo(excluded);
    }
  }

  /** A matcher that goes back would not come to an end. */
  @Test
  void takesNoLongerForAHostilePattern() throws Exception {
    var names = selection(0, "*a".repeat(120) + "b");
    var paths = selection(0, "**/a/".repeat(50) + "b");

    assertThat(names.pathOf("a".repeat(255))).isPresent();
    assertThat(paths.pathOf("a/".repeat(127) + "c")).isPresent();
  }

  /** What is left out need not be fit to be kept. */
  @ParameterizedTest
  @CsvSource({"/x/skip", "../skip/a", "skip/../a"})
  void excludesNamesThatItWouldRefuse(String name) throws Exception {
    assertThat(selection(0, "skip").pathOf(name)).isEmpty();
    assertThat(selection(0, "skip").pathOf("skip/" + EntryText.MALFORMED)).isEmpty();
    assertThat(selection(0, "skip").pathOf("skip/" + "n".repeat(100_000))).isEmpty();
  }

  @Test
  void notesThePatternsThatMatchedNothing() throws Exception {
    var selection = selection(1, "top/docs/**", "*.md", "a/*.md", "b");
    assertThat(selection.pathOf("top/a/x.md")).isEmpty();
    assertThat(selection.pathOf("top/c")).contains("c");

    assertThat(selection.note())
        .isEqualTo(
            "spec.source.files.exclude matches nothing by top/docs/**, b; patterns are matched"
                + " after stripComponents");
    assertThat(selection(0).note()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "*.md, , a.md b/c.md docs.md/x, x.mdx docs",
    "docs/**, , docs/a docs/b/c, docs a/docs/b x",
    "docs, , docs docs/a a/docs/b, x",
    "/docs, , docs/a, a/docs/b",
    "'{a,b}/*.bin', , a/x.bin b/y.bin, c/x.bin a/b/x.bin",
    "docs, *.md, docs/a, docs/a.md x",
    "*, docs, a, docs docs/a",
    "**, .git, a .github, .git/x a/.git",
  })
  void takesWhatIsIncludedAndNotExcluded(
      String include, String exclude, String taken, String leftOut) throws Exception {
    var excluded = exclude == null ? List.<String>of() : List.of(exclude);
    var selection = selection(0, List.of(include), excluded);
    for (var path : taken.split(" ")) {
      assertThat(selection.pathOf(path)).contains(path);
    }
    for (var path : leftOut.split(" ")) {
      assertThat(selection.pathOf(path)).as(path).isEmpty();
    }
  }

  @Test
  void matchesIncludesBehindStrippedComponents() throws Exception {
    var selection = selection(1, List.of("/bin", "top/lib"), List.of());

    assertThat(selection.pathOf("top/bin/x")).contains("bin/x");
    assertThat(selection.pathOf("top/lib/x")).isEmpty();
    assertThat(selection.note())
        .isEqualTo(
            "spec.source.files.include matches nothing by top/lib; patterns are matched after"
                + " stripComponents");
  }

  /** A pattern that is hidden by another of the other list is no mistake in itself. */
  @Test
  void notesOnlyPatternsThatMatchNoPathAtAll() throws Exception {
    var selection = selection(0, List.of("docs", "src"), List.of("*.md", "*.txt"));
    assertThat(selection.pathOf("docs/a.md")).isEmpty();
    assertThat(selection.pathOf("src/a")).contains("src/a");

    assertThat(selection.note()).isEqualTo("spec.source.files.exclude matches nothing by *.txt");
    assertThat(selection(0, List.of("a"), List.of("b")).note())
        .isEqualTo(
            "spec.source.files.exclude matches nothing by b; spec.source.files.include matches"
                + " nothing by a");
  }

  @ParameterizedTest
  @CsvSource({
    "../x, leads out of the archive",
    "a/../../x, leads out of the archive",
    "a/.., leads out of the archive",
    "/etc/passwd, has an absolute path",
    "'', has no name",
  })
  void refusesNamesThatCouldLeadOut(String name, String why) {
    assertThatThrownBy(() -> selection(0).pathOf(name))
        .hasMessageContaining(why)
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(Reason.InvalidContent, SourceException::reason);
  }

  @Test
  void refusesNamesThatAreNotUtf8() {
    assertThatThrownBy(() -> selection(0).pathOf("a" + EntryText.MALFORMED))
        .hasMessageContaining("a\uFFFD has a name that is not UTF-8");
  }

  private static EntrySelection selection(int strip, List<String> include, List<String> exclude)
      throws SourceException {
    return new EntrySelection(
        new SeederTask.Files(include, exclude), new SeederTask.Unpack("Auto", strip, null));
  }

  private static EntrySelection selection(int strip, String... exclude) throws SourceException {
    return selection(strip, List.of(), List.of(exclude));
  }
}

package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
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
  })
  void excludesByPattern(String pattern, String name, boolean excluded) throws Exception {
    assertThat(selection(0, pattern).pathOf(name).isEmpty()).isEqualTo(excluded);
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
    assertThatThrownBy(() -> selection(0).pathOf("a\uFFFD"))
        .hasMessageContaining("a\uFFFD has a name that is not UTF-8");
  }

  private static Selection selection(int strip, String... exclude) {
    return new Selection(new SeederTask.Unpack("Auto", strip, List.of(exclude)));
  }
}

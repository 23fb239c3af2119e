package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What spec.source.files and unpack say that cannot be meant is refused before the source is asked.
 */
class UnpackSpecTest {
  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "a[",
        "[]",
        "{a",
        "{a,{b,c}}",
        "",
        "/",
        "//",
        "!x",
        "**/../x",
        "./a",
        "a/./b",
        "a//b",
        "a**",
        "**.txt",
        "a/***/b",
        "docs\\*",
        "[z-a]",
        "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"
      })
  void aPatternThatCanMatchNothing(String pattern) {
    var included = fixture("/x.tar", 0);
    included.files = new SeederTask.Files(List.of("ok", pattern), List.of());
    refused(included, "spec.source.files.include: the pattern '" + pattern);
    refused(fixture("/x.tar", 0, pattern), "spec.source.files.exclude: the pattern '" + pattern);
  }

  @Test
  void whatLeavesASingleFileOut() {
    refused(fixture("/x.bin", 1), "/x.bin is released as one file", "stripComponents");
    refused(
        fixture("/x.bin", 0, "*.bin"),
        "/x.bin is released as one file, x.bin, which is left out by",
        "spec.source.files.exclude (*.bin)");
    var included = fixture("/x.bin", 0);
    included.files = new SeederTask.Files(List.of("*.md", "y"), List.of());
    refused(included, "x.bin, which is left out by spec.source.files.include (*.md, y)");
  }

  @Test
  void patternsThatTakeASingleFileAreNoRefusal() throws Exception {
    var fixture = fixture("/x.bin", 0, "*.md");
    fixture.files = new SeederTask.Files(List.of("*.bin"), List.of("*.md"));

    var fetched = fixture.fetch();

    assertThat(fetched.tree().files()).isOne();
    assertThat(fetched.note()).isEqualTo("spec.source.files.exclude matches nothing by *.md");
  }

  @Test
  void linksThatAreLeftOutStandInTheNoteBeforeTheRest() throws Exception {
    server.serve(
        "/v.zip",
        Archives.zip(z -> z.file("bin/x", "x", 0755).file("bin/python", "/usr/bin/py", 0120777)));
    var fixture = new FetchFixture(scratch, server.url("/v.zip"));
    fixture.files = new SeederTask.Files(List.of(), List.of("*.md"));
    fixture.unpack = new SeederTask.Unpack("Auto", 0, "LeaveOut");

    var revision = fixture.revision();

    assertThat(revision.content().fileCount()).isOne();
    assertThat(revision.note())
        .isEqualTo(
            "1 symbolic link is left out, because it is absolute or may lead out of the content:"
                + " bin/python; spec.source.files.exclude matches nothing by *.md");
  }

  private FetchFixture fixture(String path, int strip, String... exclude) {
    server.serve(path, Archives.noise(10));
    var fixture = new FetchFixture(scratch, server.url(path));
    fixture.files = new SeederTask.Files(List.of(), List.of(exclude));
    fixture.unpack = new SeederTask.Unpack("Auto", strip, null);
    return fixture;
  }

  private void refused(FetchFixture fixture, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(Reason.InvalidSpec, SourceException::reason);
    assertThat(server.requests()).isEmpty();
  }
}

package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederTask;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What spec.source.unpack says that cannot be meant is refused before the source is asked. */
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
    refused(fixture("/x.tar", 0, pattern), "spec.source.unpack.exclude: the pattern '" + pattern);
  }

  @Test
  void whatIsSaidOfEntriesOfASingleFile() {
    refused(fixture("/x.bin", 0, "*.md"), "/x.bin is released as one file", "exclude (*.md)");
    refused(fixture("/x.bin", 1), "/x.bin is released as one file", "stripComponents");
  }

  private FetchFixture fixture(String path, int strip, String... exclude) {
    server.serve(path, Archives.noise(10));
    var fixture = new FetchFixture(scratch, server.url(path));
    fixture.unpack = new SeederTask.Unpack("Auto", strip, List.of(exclude));
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

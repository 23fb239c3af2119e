package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.http.Representation;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.Archives;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialDownloadTest {
  private static final int TOTAL = 1 << 20;

  @TempDir Path scratch;

  @Test
  void whatCameBeforeItsTurnTakesNoDiskOnceItIsGivenUp() throws Exception {
    var budget = new ScratchBudget(TOTAL + 1000);
    try (var partial = new PartialDownload(scratch, budget, "boot")) {
      partial.begin(answer());
      partial.append(new byte[1000], 0, 1000);
      var window = partial.window(TOTAL / 2, TOTAL - 1000).orElseThrow();
      window.write(TOTAL / 2, new byte[1000], 0, 1000);
      assertThat(scratch.resolve("fetched")).hasSize(TOTAL / 2 + 1000);

      partial.free(window);

      assertThat(scratch.resolve("fetched")).hasSize(1000);
      assertThat(budget.hasRoom(TOTAL)).isTrue();
    }
  }

  /** Those bytes are still behind the length when the window is freed. */
  @Test
  void keepsWhatHadItsTurnWhenTheWindowIsGivenUpForItsSake() throws Exception {
    byte[] content = Archives.noise(4000);
    var budget = new ScratchBudget(TOTAL);
    try (var partial = new PartialDownload(scratch, budget, "boot")) {
      partial.begin(answer());
      partial.append(content, 0, 1000);
      var window = partial.window(TOTAL / 2, TOTAL - 1000).orElseThrow();
      window.write(1000, content, 1000, 3000);
      budget.take(TOTAL - 1000 - TOTAL / 2 - 999); // by what is unpacked
      budget.beforeRefusal(() -> partial.free(window));

      partial.append(window, content, 1000, 1000);
      partial.append(content, 2000, 2000);

      assertThat(partial.length()).isEqualTo(4000);
      assertThat(partial.file()).hasBinaryContent(content);
    }
  }

  private static SourceResponse answer() throws Exception {
    var url = SourceUrl.parse("http://source.test/x.bin");
    var representation = new Representation(url, "\"one\"", "", "", true, null);
    return new SourceResponse(
        url, 0, TOTAL, TOTAL, true, representation, InputStream.nullInputStream());
  }
}

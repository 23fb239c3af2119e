package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.metainfo.InfoBuilder;
import java.net.URI;
import org.junit.jupiter.api.Test;

class WebRangeTest {
  private static final int PIECE = 16 << 10;

  @Test
  void asksEachFileForItsPartAndNobodyForPadding() throws Exception {
    var builder = new InfoBuilder("top", PIECE);
    builder.file("a/first file", PIECE + 100, false);
    builder.file("b", 2 * PIECE, false);
    var metainfo = builder.build(new byte[20 * builder.pieceCount()]);

    var ranges = WebRange.of(metainfo, PIECE, 2 * PIECE);

    assertThat(ranges).extracting(WebRange::pad).containsExactly(false, true, false);
    assertThat(ranges.get(0).url(URI.create("http://host/below")))
        .hasToString("http://host/below/top/a/first%20file");
    assertThat(ranges.get(0).header()).isEqualTo("bytes=16384-16483");
    assertThat(ranges.get(2).url(URI.create("http://host/below/")))
        .hasToString("http://host/below/top/b");
    assertThat(ranges.get(2).header()).isEqualTo("bytes=0-16383");
    assertThat(ranges).extracting(WebRange::length).containsExactly(100, PIECE - 100, PIECE);
  }

  @Test
  void aSingleFileIsAtTheUrlItselfOrBelowIt() throws Exception {
    var range = WebRange.of(Sample.of(1000, PIECE).metainfo(), 0, 1000).getFirst();

    assertThat(range.url(URI.create("http://host/x.bin"))).hasToString("http://host/x.bin");
    assertThat(range.url(URI.create("http://host/"))).hasToString("http://host/sample");
  }

  @Test
  void takesNoAnswerButTheRangeOrTheWholeFile() throws Exception {
    var metainfo = Sample.of(3 * PIECE, PIECE).metainfo();
    var part = WebRange.of(metainfo, PIECE, PIECE).getFirst();
    var all = WebRange.of(metainfo, 0, 3 * PIECE).getFirst();

    assertThat(part.answeredBy(206, "bytes 16384-32767/49152")).isTrue();
    assertThat(part.answeredBy(206, "bytes 0-16383/49152")).isFalse();
    assertThat(part.answeredBy(200, "")).isFalse();
    assertThat(part.answeredBy(404, "")).isFalse();
    assertThat(all.answeredBy(200, "")).isTrue();
  }
}

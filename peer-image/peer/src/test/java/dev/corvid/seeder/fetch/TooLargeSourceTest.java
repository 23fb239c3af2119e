package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scratch has no room for has none in the next attempt: the source is not made to send it. */
class TooLargeSourceTest {
  private static final long LIMIT = 1 << 20;

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void isFetchedTwiceAndThenOnlyAskedAfter() throws Exception {
    byte[] large = Archives.zeros(8 << 20);
    server.serve("/x.tar.gz", large);
    var fixture = fixture();
    var fetch = fixture.reusable();

    for (int attempt = 0; attempt < 5; attempt++) {
      assertThatThrownBy(() -> fetch.run(new ScratchBudget(LIMIT)))
          .returns(Reason.InsufficientDisk, e -> ((SourceException) e).reason())
          .hasMessageContaining("scratch of 1Mi is too small");
    }

    assertThat(fixture.progress.bytes()).isLessThanOrEqualTo(2L * large.length);
    assertThat(server.requests()).hasSize(5);
    server
        .serve("/x.tar.gz", Archives.gzip(Archives.tar(tar -> tar.file("a", "small"))))
        .etag("\"two\"");
    assertThat(fetch.run(new ScratchBudget(LIMIT)).tree().files()).isOne();
  }

  private FetchFixture fixture() {
    return new FetchFixture(scratch, server.url("/x.tar.gz"));
  }
}

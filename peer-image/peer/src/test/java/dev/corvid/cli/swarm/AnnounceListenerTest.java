package dev.corvid.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnounceListenerTest {
  private static final String TROUBLE = "tracker http://a/x: it answered with status 404";
  private static final String HINT = "check the announce URL in the torrent";

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void saysOnceWhatToCheckWhenAnnouncesKeepFailing() {
    var announced = announced(false);

    announced.failed(TROUBLE, Duration.ofSeconds(1));
    assertThat(said()).contains(TROUBLE + "; trying again in 1 s").doesNotContain(HINT);

    announced.failed(TROUBLE, Duration.ofSeconds(2));
    announced.failed(TROUBLE, Duration.ofSeconds(4));
    announced.failed(TROUBLE, Duration.ofSeconds(8));

    assertThat(said()).containsOnlyOnce(HINT).contains("--announce", "--peer");
  }

  @Test
  void namesNoPeerForAPrivateTorrent() {
    var announced = announced(true);

    announced.failed(TROUBLE, Duration.ofSeconds(1));
    announced.failed(TROUBLE, Duration.ofSeconds(2));

    assertThat(said()).contains(HINT).doesNotContain("--peer");
  }

  @Test
  void trustsAUrlThatHasAnswered() {
    var announced = announced(false);

    announced.found(List.of());
    announced.failed(TROUBLE, Duration.ofSeconds(1));
    announced.failed(TROUBLE, Duration.ofSeconds(2));

    assertThat(said()).doesNotContain(HINT);
  }

  private AnnounceListener announced(boolean isPrivate) {
    var report = new JsonReport(new PrintStream(said, true, StandardCharsets.UTF_8));
    return new AnnounceListener(report, isPrivate, _ -> {});
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }
}

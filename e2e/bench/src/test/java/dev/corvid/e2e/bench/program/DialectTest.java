package dev.corvid.e2e.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DialectTest {
  private final Dialect aria = new AriaDialect();
  private final Dialect json = new JsonDialect();

  @Test
  void ariaListensWhenItSaysSo() {
    assertThat(
            aria.understand("11/24 18:00:01 [NOTICE] IPv4 BitTorrent: listening on TCP port 6881"))
        .contains(new Event.Listening());
  }

  @Test
  void ariaSummaryTellsWhatItHolds() {
    assertThat(aria.understand("[#2089b0 33.2MiB/256MiB(12%) CN:9 SD:1 DL:11MiB UL:0B(0B)]"))
        .contains(new Event.Progress((long) (33.2 * (1 << 20))));
  }

  @Test
  void ariaIsCompleteBeforeItSeeds() {
    assertThat(aria.understand("062d6f8c77f0aa9a 1 /data/content")).contains(new Event.Complete());
  }

  @Test
  void jsonEventsAreUnderstoodAndTheRestIsIgnored() {
    assertThat(json.understand("{\"event\":\"progress\",\"verified\":7,\"neighbours\":2}"))
        .contains(new Event.Progress(7));
    assertThat(json.understand("{\"event\":\"totals\",\"uploaded\":7}")).isEmpty();
    assertThat(json.understand("WARNING: something of the runtime's")).isEmpty();
  }
}

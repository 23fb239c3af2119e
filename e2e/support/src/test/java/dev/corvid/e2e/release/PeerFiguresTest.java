package dev.corvid.e2e.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerFiguresTest {
  @Test
  void readsWhatAPeerShowsOfItself() {
    var figures =
        PeerFigures.parse(
            """
            # TYPE corvid_peer_received_bytes_total counter
            corvid_peer_received_bytes_total{source="seeder"} 1.5E7
            corvid_peer_received_bytes_total{source="peers"} 200.0
            corvid_peer_received_bytes_total{source="node"} 3.0
            corvid_peer_releases{state="active"} 2.0
            corvid_peer_releases{state="verified"} 1.0
            corvid_peer_releases{state="downloading"} 7.0
            jvm_threads_live_threads 12.0
            """);

    assertThat(figures).isEqualTo(new PeerFigures(15_000_000, 200, 3, 3));
    assertThat(figures.since(new PeerFigures(1, 0, 3, 2)))
        .isEqualTo(new PeerFigures(14_999_999, 200, 0, 1));
  }
}

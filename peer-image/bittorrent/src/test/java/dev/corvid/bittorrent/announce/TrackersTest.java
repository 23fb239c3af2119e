package dev.corvid.bittorrent.announce;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrackersTest {
  @Test
  void aTroubleWithoutAMessageIsToldByItsKind() {
    var trackers = new Trackers(List.of(List.of("http://tracker.example/announce")), new Random(1));

    assertThatThrownBy(
            () ->
                trackers.tryEach(
                    tracker -> {
                      throw new ClosedChannelException();
                    }))
        .hasMessage("tracker http://tracker.example/announce: ClosedChannelException");
  }
}

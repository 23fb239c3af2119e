package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class ErrorMessageTest {
  @Test
  void isTheKindOfAnErrorThatHasNoMessage() {
    assertThat(ErrorMessage.of(new ClosedChannelException())).isEqualTo("ClosedChannelException");
    assertThat(ErrorMessage.of(new IOException("no answer"))).isEqualTo("no answer");
  }
}

package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.metainfo.InfoHash;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final InfoHash CONTENT = InfoHash.of(new byte[InfoHash.LENGTH]);

  private final Shares shares = new Shares();
  private final Mailbox first = new Mailbox();
  private final Mailbox second = new Mailbox();
  private final Mailbox third = new Mailbox();

  @Test
  void givesAContentToOneReleaseAtATime() {
    assertThat(shares.claim(CONTENT, first)).isTrue();
    assertThat(shares.claim(CONTENT, first)).isTrue();
    assertThat(shares.claim(CONTENT, second)).isFalse();
  }

  @Test
  void tellsTheNextOneWhenTheFirstGoes() throws Exception {
    shares.claim(CONTENT, first);
    shares.claim(CONTENT, second);
    shares.claim(CONTENT, third);
    shares.leave(CONTENT, first);
    assertThat(second.next()).isEqualTo(new Event.TwinGone());
    assertThat(third.hasMessage()).isFalse();
    assertThat(shares.claim(CONTENT, second)).isTrue();
  }

  @Test
  void tellsNobodyWhoHasStoppedWaiting() {
    shares.claim(CONTENT, first);
    shares.claim(CONTENT, second);
    shares.leave(CONTENT, second);
    shares.leave(CONTENT, first);
    assertThat(second.hasMessage()).isFalse();
    assertThat(shares.claim(CONTENT, third)).isTrue();
  }
}

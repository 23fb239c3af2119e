package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.SwarmId;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final SwarmId SWARM = SwarmId.ofHex("5e".repeat(20));

  private final Shares shares = new Shares();
  private final Mailbox first = new Mailbox();
  private final Mailbox second = new Mailbox();
  private final Mailbox third = new Mailbox();

  @Test
  void givesAContentToOneReleaseAtATime() {
    assertThat(shares.claim(SWARM, first)).isTrue();
    assertThat(shares.claim(SWARM, first)).isTrue();
    assertThat(shares.claim(SWARM, second)).isFalse();
  }

  @Test
  void tellsTheNextOneWhenTheFirstGoes() throws Exception {
    shares.claim(SWARM, first);
    shares.claim(SWARM, second);
    shares.claim(SWARM, third);
    shares.leave(SWARM, first);
    assertThat(second.next()).isEqualTo(new Event.TwinGone());
    assertThat(third.hasMessage()).isFalse();
    assertThat(shares.claim(SWARM, second)).isTrue();
  }

  @Test
  void tellsTheOneAfterItWhenThatOneGoesBeforeItClaims() throws Exception {
    shares.claim(SWARM, first);
    shares.claim(SWARM, second);
    shares.claim(SWARM, third);
    shares.leave(SWARM, first);
    shares.leave(SWARM, second);
    assertThat(third.hasMessage()).isTrue();
    assertThat(third.next()).isEqualTo(new Event.TwinGone());
    assertThat(shares.claim(SWARM, third)).isTrue();
  }

  @Test
  void tellsTheNextOneAgainWhenAnotherTookThePlaceBetween() throws Exception {
    shares.claim(SWARM, first);
    shares.claim(SWARM, second);
    shares.leave(SWARM, first);
    assertThat(second.next()).isEqualTo(new Event.TwinGone());
    assertThat(shares.claim(SWARM, third)).isTrue();
    assertThat(shares.claim(SWARM, second)).isFalse();
    shares.leave(SWARM, third);
    assertThat(second.hasMessage()).isTrue();
  }

  @Test
  void tellsNobodyWhoHasStoppedWaiting() {
    shares.claim(SWARM, first);
    shares.claim(SWARM, second);
    shares.leave(SWARM, second);
    shares.leave(SWARM, first);
    assertThat(second.hasMessage()).isFalse();
    assertThat(shares.claim(SWARM, third)).isTrue();
  }
}

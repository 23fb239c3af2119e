package dev.corvid.node.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.SwarmId;
import org.junit.jupiter.api.Test;

class TorrentRegistryTest {
  private static final SwarmId SWARM = SwarmId.ofHex("5e".repeat(20));

  private final TorrentRegistry torrents = new TorrentRegistry();
  private final Mailbox first = new Mailbox(System::nanoTime);
  private final Mailbox second = new Mailbox(System::nanoTime);
  private final Mailbox third = new Mailbox(System::nanoTime);

  @Test
  void givesAContentToOneReleaseAtATime() {
    assertThat(torrents.acquire(SWARM, first)).isTrue();
    assertThat(torrents.acquire(SWARM, first)).isTrue();
    assertThat(torrents.acquire(SWARM, second)).isFalse();
  }

  @Test
  void tellsTheNextOneWhenTheFirstGoes() throws Exception {
    torrents.acquire(SWARM, first);
    torrents.acquire(SWARM, second);
    torrents.acquire(SWARM, third);
    torrents.leave(SWARM, first);
    assertThat(second.next()).isEqualTo(new Event.DuplicateReleased());
    assertThat(third.has(any -> true)).isFalse();
    assertThat(torrents.acquire(SWARM, second)).isTrue();
  }

  @Test
  void tellsTheOneAfterItWhenThatOneGoesBeforeItClaims() throws Exception {
    torrents.acquire(SWARM, first);
    torrents.acquire(SWARM, second);
    torrents.acquire(SWARM, third);
    torrents.leave(SWARM, first);
    torrents.leave(SWARM, second);
    assertThat(third.has(any -> true)).isTrue();
    assertThat(third.next()).isEqualTo(new Event.DuplicateReleased());
    assertThat(torrents.acquire(SWARM, third)).isTrue();
  }

  @Test
  void tellsTheNextOneAgainWhenAnotherTookThePlaceBetween() throws Exception {
    torrents.acquire(SWARM, first);
    torrents.acquire(SWARM, second);
    torrents.leave(SWARM, first);
    assertThat(second.next()).isEqualTo(new Event.DuplicateReleased());
    assertThat(torrents.acquire(SWARM, third)).isTrue();
    assertThat(torrents.acquire(SWARM, second)).isFalse();
    torrents.leave(SWARM, third);
    assertThat(second.has(any -> true)).isTrue();
  }

  @Test
  void tellsNobodyWhoHasStoppedWaiting() {
    torrents.acquire(SWARM, first);
    torrents.acquire(SWARM, second);
    torrents.leave(SWARM, second);
    torrents.leave(SWARM, first);
    assertThat(second.has(any -> true)).isFalse();
    assertThat(torrents.acquire(SWARM, third)).isTrue();
  }
}

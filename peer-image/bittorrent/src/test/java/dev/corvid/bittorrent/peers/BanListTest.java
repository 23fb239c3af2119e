package dev.corvid.bittorrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BanListTest {
  private static final long BEGIN = Long.MAX_VALUE - BanList.FIRST / 2; // clocks wrap
  private static final InetSocketAddress REACHED = new InetSocketAddress("198.51.100.1", 40000);
  private static final InetSocketAddress LISTENS = new InetSocketAddress("198.51.100.1", 6881);
  private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.2", 6881);
  private static final List<InetSocketAddress> PEER = List.of(REACHED, LISTENS);

  private final BanList bans = new BanList();

  @Test
  void aFirstBanIsShortBecauseTheOnlyHolderMayBeMeant() {
    bans.ban(PEER, BEGIN);

    assertThat(bans.isBanned(REACHED, BEGIN)).isTrue();
    assertThat(bans.isBanned(LISTENS, BEGIN + BanList.FIRST - 1)).isTrue();
    assertThat(bans.isBanned(LISTENS, BEGIN + BanList.FIRST)).isFalse();
    assertThat(bans.isBanned(OTHER, BEGIN)).isFalse();
  }

  @Test
  void whoDoesItAgainIsBannedForLongerUpToABound() {
    var now = BEGIN;
    var length = BanList.FIRST;
    for (var times = 0; times < 10; times++) {
      bans.ban(PEER, now);
      assertThat(bans.left(LISTENS, now)).isEqualTo(length);
      now += length;
      length = Math.min(BanList.LONGEST, length * 4);
    }
    assertThat(length).isEqualTo(BanList.LONGEST);
  }

  @Test
  void whatHadComeBeforeABanMakesItNoLonger() {
    bans.ban(PEER, BEGIN);
    bans.ban(PEER, BEGIN + 1);

    assertThat(bans.left(LISTENS, BEGIN)).isEqualTo(BanList.FIRST);
  }

  @Test
  void whoWasGoodForLongBeginsAnew() {
    bans.ban(PEER, BEGIN);
    var later = BEGIN + BanList.FIRST + BanList.LONGEST;

    bans.ban(PEER, later);

    assertThat(bans.left(LISTENS, later)).isEqualTo(BanList.FIRST);
  }

  @Test
  void whereManyShareAnAddressOneOfThemIsMeant() {
    var one = new InetSocketAddress("127.0.0.1", 7001);
    var another = new InetSocketAddress("127.0.0.1", 7002);

    bans.ban(List.of(one), BEGIN);

    assertThat(bans.isBanned(one, BEGIN)).isTrue();
    assertThat(bans.isBanned(another, BEGIN)).isFalse();
  }

  @Test
  void aBannedAddressIsDialledWhenItsTimeIsOver() {
    var peerList = new PeerList(new SplittableRandom(1));
    peerList.add(List.of(LISTENS), 0);
    peerList.ban(PEER, 0);

    assertThat(peerList.take(1, 0)).isEmpty();
    assertThat(peerList.untilNext(0)).isEqualTo(BanList.FIRST);
    assertThat(peerList.take(1, BanList.FIRST)).containsExactly(LISTENS);
  }
}

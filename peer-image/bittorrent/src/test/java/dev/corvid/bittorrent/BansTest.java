package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BansTest {
  private static final long BEGIN = Long.MAX_VALUE - Bans.FIRST / 2; // clocks wrap
  private static final InetSocketAddress REACHED = new InetSocketAddress("198.51.100.1", 40000);
  private static final InetSocketAddress LISTENS = new InetSocketAddress("198.51.100.1", 6881);
  private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.2", 6881);
  private static final List<InetSocketAddress> PEER = List.of(REACHED, LISTENS);

  private final Bans bans = new Bans();

  @Test
  void aFirstBanIsShortBecauseTheOnlyHolderMayBeMeant() {
    bans.ban(PEER, BEGIN);

    assertThat(bans.isBanned(REACHED, BEGIN)).isTrue();
    assertThat(bans.isBanned(LISTENS, BEGIN + Bans.FIRST - 1)).isTrue();
    assertThat(bans.isBanned(LISTENS, BEGIN + Bans.FIRST)).isFalse();
    assertThat(bans.isBanned(OTHER, BEGIN)).isFalse();
  }

  @Test
  void whoDoesItAgainIsBannedForLongerUpToABound() {
    var now = BEGIN;
    var length = Bans.FIRST;
    for (var times = 0; times < 10; times++) {
      bans.ban(PEER, now);
      assertThat(bans.left(LISTENS, now)).isEqualTo(length);
      now += length;
      length = Math.min(Bans.LONGEST, length * 4);
    }
    assertThat(length).isEqualTo(Bans.LONGEST);
  }

  @Test
  void whatHadComeBeforeABanMakesItNoLonger() {
    bans.ban(PEER, BEGIN);
    bans.ban(PEER, BEGIN + 1);

    assertThat(bans.left(LISTENS, BEGIN)).isEqualTo(Bans.FIRST);
  }

  @Test
  void whoWasGoodForLongBeginsAnew() {
    bans.ban(PEER, BEGIN);
    var later = BEGIN + Bans.FIRST + Bans.LONGEST;

    bans.ban(PEER, later);

    assertThat(bans.left(LISTENS, later)).isEqualTo(Bans.FIRST);
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
    var book = new AddressBook(new SplittableRandom(1));
    book.add(List.of(LISTENS), 0);
    book.ban(PEER, 0);

    assertThat(book.take(1, 0)).isEmpty();
    assertThat(book.untilNext(0)).isEqualTo(Bans.FIRST);
    assertThat(book.take(1, Bans.FIRST)).containsExactly(LISTENS);
  }
}

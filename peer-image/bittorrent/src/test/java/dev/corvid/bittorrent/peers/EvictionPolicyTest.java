package dev.corvid.bittorrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvictionPolicyTest {
  private static final int MOST = 60;
  private static final long SECOND = 1_000_000_000L;
  private static final InetAddress NEWCOMER = host(250);

  private final EvictionPolicy places = new EvictionPolicy(MOST);
  private final List<EvictionPolicy.Candidate> held = new ArrayList<>();

  private static InetAddress host(int number) {
    return InetAddress.ofLiteral("10.0.0." + number);
  }

  /** One that has been connected for a minute. */
  private static EvictionPolicy.Candidate place(
      int host, boolean named, long idleSeconds, long bytes) {
    return new EvictionPolicy.Candidate(
        host(host), named, false, false, idleSeconds * SECOND, 60 * SECOND, bytes);
  }

  private Optional<EvictionPolicy.Candidate> givesWay(InetAddress host, boolean named) {
    return places.evict(held, host, named, Double.POSITIVE_INFINITY);
  }

  private void fill(int count, boolean named, long idleSeconds, long bytes) {
    for (var i = 0; i < count; i++) {
      held.add(place(held.size() + 1, named, idleSeconds, bytes + held.size()));
    }
  }

  @Test
  void aStrangerGivesWayToANamedPeerHoweverBusy() {
    fill(20, true, 0, 100 << 20);
    fill(40, false, 0, 500 << 20);
    assertThat(givesWay(NEWCOMER, true)).contains(held.get(20));
  }

  @Test
  void aNamedPeerThatIsOfUseNeverGivesWay() {
    fill(60, true, 20, 0);
    assertThat(givesWay(NEWCOMER, true)).isEmpty();
    assertThat(givesWay(NEWCOMER, false)).isEmpty();
  }

  @Test
  void aStrangerTakesNoPlaceOfNamedOnesWhileTheyHaveTwoThirds() {
    fill(40, true, 300, 0);
    fill(20, false, 0, 100 << 20);
    assertThat(givesWay(NEWCOMER, false)).isEmpty();
    held.removeLast();
    held.add(place(200, true, 301, 0));
    assertThat(givesWay(NEWCOMER, false)).contains(held.getLast());
  }

  @Test
  void anAddressHasOnePlaceBeforeAnyHasTwo() {
    fill(58, false, 0, 100 << 20);
    held.add(place(200, false, 0, 300 << 20));
    held.add(place(200, false, 0, 200 << 20));
    assertThat(givesWay(NEWCOMER, false)).contains(held.getLast());
    assertThat(givesWay(host(200), false)).isEmpty();
    assertThat(givesWay(host(1), false)).isEmpty();
  }

  @Test
  void aBlockEveryEightSecondsIsNotWorthAPlace() {
    fill(30, false, 0, 60 << 20);
    held.add(place(200, false, 7, 8 * 16384));
    assertThat(givesWay(NEWCOMER, false)).contains(held.getLast());
  }

  @Test
  void norIsItWhenAllDoTheSame() {
    for (var i = 1; i <= 60; i++) {
      held.add(place(i, false, i % 8, (8 - i / 20) * 16384));
    }
    assertThat(givesWay(NEWCOMER, false)).isPresent();
    assertThat(givesWay(host(7), false)).isEmpty();
  }

  @Test
  void strangersThatOurOwnLimitHoldsBackKeepTheirPlaces() {
    for (var i = 1; i <= 3; i++) {
      held.add(place(i, false, 0, 60 * 15_000));
    }
    assertThat(givesWay(NEWCOMER, false)).isPresent();
    assertThat(places.evict(held, NEWCOMER, false, 45_000)).isEmpty();
    held.removeLast();
    held.add(place(200, false, 0, 60 * 7_000));
    assertThat(places.evict(held, NEWCOMER, false, 45_000)).contains(held.getLast());
  }

  @Test
  void aPeerThatHasJustComeIsGivenTime() {
    for (var i = 1; i <= 60; i++) {
      held.add(new EvictionPolicy.Candidate(host(i), false, false, false, SECOND, 5 * SECOND, 0));
    }
    assertThat(givesWay(NEWCOMER, false)).isEmpty();
  }

  @Test
  void theSeederNeverGivesWay() {
    held.add(
        new EvictionPolicy.Candidate(host(1), false, true, true, 300 * SECOND, 300 * SECOND, 0));
    assertThat(givesWay(NEWCOMER, true)).isEmpty();
    assertThat(givesWay(NEWCOMER, false)).isEmpty();
  }

  @Test
  void whereManyShareAnAddressEachIsAlone() {
    var shared = InetAddress.ofLiteral("127.0.0.1");
    for (var i = 0; i < 60; i++) {
      held.add(
          new EvictionPolicy.Candidate(shared, false, false, false, 0, 60 * SECOND, 100 << 20));
    }
    assertThat(givesWay(NEWCOMER, false)).isEmpty();
    assertThat(givesWay(NEWCOMER, true)).isPresent();
  }
}

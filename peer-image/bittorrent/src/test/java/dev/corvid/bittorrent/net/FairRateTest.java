package dev.corvid.bittorrent.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.corvid.bittorrent.TokenBucket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Torrents that take what they may as soon as they may, by a clock of the test's own. */
class FairRateTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long STEP = 1_000_000L;
  private static final long FOR_EVER = Long.MAX_VALUE;
  private static final int RATE = 1_000_000;
  private static final int BLOCK = 32 << 10;

  /** Takes blocks while it may, and then waits as long as it is told. */
  private static final class Torrent {
    private final FairRate.Share share;
    private final TokenBucket own;
    private final long begins;
    private final long ends;
    private final long[] bySecond = new long[60];
    private long notBefore;

    Torrent(FairRate rate, long begins, long ends) {
      this(rate, begins, ends, 0);
    }

    /**
     * @param limit of its own, 0 for none
     */
    Torrent(FairRate rate, long begins, long ends, long limit) {
      share = rate.join();
      own = new TokenBucket(limit, 0);
      this.begins = begins;
      this.ends = ends;
    }

    void step(long now) {
      if (now < begins || now >= ends || now < notBefore) {
        return;
      }
      while (own.available(1, now) > 0 && share.available(1, 1, now) > 0) {
        share.take(BLOCK);
        own.take(BLOCK);
        bySecond[(int) (now / SECOND)] += BLOCK;
      }
      notBefore = now + Math.max(share.wait(1, now), own.wait(1, now));
    }

    double rate(int fromSecond, int toSecond) {
      return (double) Arrays.stream(bySecond, fromSecond, toSecond).sum() / (toSecond - fromSecond);
    }
  }

  private final FairRate rate = new FairRate(RATE, 0);

  private static void run(int seconds, Torrent... torrents) {
    for (var now = 0L; now < seconds * SECOND; now += STEP) {
      for (var torrent : torrents) {
        torrent.step(now);
      }
    }
  }

  @Test
  void thePartOfOneIsWhatTheBusyOnesLeaveIt() {
    var share = rate.join();
    rate.join();
    assertThat(share.part(0)).isEqualTo(RATE);
    rate.join().available(1, 1, 0);
    assertThat(share.part(0)).isEqualTo(RATE / 2.0);
    assertThat(share.part(SECOND)).isEqualTo(RATE);
    assertThat(new FairRate(0, 0).join().part(0)).isZero();
  }

  @Test
  void holdsWithinFivePercentOverAnyFiveSeconds() {
    var torrent = new Torrent(rate, 0, FOR_EVER);

    run(30, torrent);

    for (var from = 2; from < 25; from++) {
      assertThat(torrent.rate(from, from + 5)).isCloseTo(RATE, withPercentage(5));
    }
  }

  @Test
  void torrentsShareAlikeThoughOneAlwaysAsksFirst() {
    var torrents = new Torrent[3];
    Arrays.setAll(torrents, _ -> new Torrent(rate, 0, FOR_EVER));

    run(12, torrents);

    for (var torrent : torrents) {
      assertThat(torrent.rate(2, 12)).isCloseTo(RATE / 3.0, withPercentage(5));
    }
  }

  /** It was charged while there was no rate, when nothing was counted. */
  @Test
  void aRefundOfWhatWasNeverCountedPutsNobodyAhead() {
    var refunded = new Torrent(rate, 0, FOR_EVER);
    var other = new Torrent(rate, 0, FOR_EVER);
    refunded.share.take(-64 << 20);

    run(12, refunded, other);

    assertThat(refunded.rate(2, 12)).isCloseTo(RATE / 2.0, withPercentage(5));
    assertThat(other.rate(2, 12)).isCloseTo(RATE / 2.0, withPercentage(5));
  }

  @Test
  void whoJoinsLateIsNeitherPaidForThePastNorMadeToWait() {
    var first = new Torrent(rate, 0, FOR_EVER);
    var second = new Torrent(rate, 10 * SECOND, FOR_EVER);

    run(20, first, second);

    assertThat(first.rate(2, 9)).isCloseTo(RATE, withPercentage(5));
    assertThat(first.rate(12, 20)).isCloseTo(RATE / 2.0, withPercentage(5));
    assertThat(second.rate(12, 20)).isCloseTo(RATE / 2.0, withPercentage(5));
  }

  @Test
  void whatOneLeavesGoesToTheOthers() {
    var first = new Torrent(rate, 0, FOR_EVER);
    var second = new Torrent(rate, 0, 5 * SECOND);

    run(20, first, second);

    assertThat(first.rate(7, 20)).isCloseTo(RATE, withPercentage(5));
  }

  @Test
  void oneWithALimitOfItsOwnGetsThatAndLeavesTheRestToTheOthers() {
    var limited = new Torrent(rate, 0, FOR_EVER, RATE / 5);
    var first = new Torrent(rate, 0, FOR_EVER);
    var second = new Torrent(rate, 0, FOR_EVER);

    run(20, limited, first, second);

    for (var from = 2; from < 15; from++) {
      assertThat(limited.rate(from, from + 5)).isCloseTo(RATE / 5.0, withPercentage(5));
      assertThat(first.rate(from, from + 5)).isCloseTo(RATE * 2 / 5.0, withPercentage(5));
      assertThat(second.rate(from, from + 5)).isCloseTo(RATE * 2 / 5.0, withPercentage(5));
    }
  }

  @Test
  void aLimitAboveItsPartOfTheCeilingIsNone() {
    var limited = new Torrent(rate, 0, FOR_EVER, RATE * 3 / 4);
    var other = new Torrent(rate, 10 * SECOND, FOR_EVER);

    run(20, limited, other);

    assertThat(limited.rate(2, 9)).isCloseTo(RATE * 3 / 4.0, withPercentage(5));
    assertThat(limited.rate(12, 20)).isCloseTo(RATE / 2.0, withPercentage(5));
    assertThat(other.rate(12, 20)).isCloseTo(RATE / 2.0, withPercentage(5));
  }

  /** The other one's peer may have left: it does not ask again. */
  @Test
  void whoWaitedAtALowerRateKeepsNobodyWaitingAtAHigherOne() {
    var slow = new FairRate(1000, 0);
    var first = new Torrent(slow, 0, FOR_EVER);
    var second = slow.join();
    second.take(1 << 20);
    assertThat(second.available(BLOCK, BLOCK, 0)).isZero();

    slow.rate(RATE, 0);
    run(4, first);

    assertThat(first.rate(2, 4)).isCloseTo(RATE, withPercentage(5));
  }

  @Test
  void aNewLimitHoldsFromThenOnWhateverWasTakenBefore() {
    var first = new Torrent(rate, 0, FOR_EVER);
    var second = new Torrent(rate, 0, FOR_EVER);
    rate.rate(0, 0);
    first.share.take(1L << 40);
    rate.rate(2 * RATE, 0);

    run(10, first, second);

    assertThat(first.rate(2, 10)).isCloseTo(RATE, withPercentage(5));
    assertThat(second.rate(2, 10)).isCloseTo(RATE, withPercentage(5));
  }
}

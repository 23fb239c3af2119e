package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;

  private long spend(TokenBucket bucket, long until) {
    var spent = 0L;
    while (now < until) {
      var allowed = bucket.available(64 << 10, now);
      if (allowed > 0) {
        bucket.take(allowed);
        spent += allowed;
      } else {
        now += bucket.wait(16 << 10, now);
      }
    }
    return spent;
  }

  @Test
  void keepsItsRateWithinOnePercentOverFiveSeconds() {
    var bucket = new TokenBucket(1_000_000, 0);
    spend(bucket, SECOND);
    assertThat(spend(bucket, 6 * SECOND)).isBetween(4_950_000L, 5_050_000L);
  }

  @Test
  void savesUpNoMoreThanATwentiethOfASecond() {
    var bucket = new TokenBucket(10_000_000, 0);
    assertThat(bucket.available(Long.MAX_VALUE, 100 * SECOND)).isEqualTo(500_000);
  }

  /** Whenever it is asked, and whatever for. */
  @Test
  void givesAtMostItsRateAndOneBurstOverAnyTime() {
    var random = new Random(1);
    var rate = 10_000_000L;
    var bucket = new TokenBucket(rate, 0);
    var times = new ArrayList<Long>();
    var spent = new ArrayList<Long>();
    var all = 0L;
    for (var i = 0; i < 3000; i++) {
      now += random.nextLong(40_000_000L) * random.nextInt(2);
      var allowed = bucket.available(1 + random.nextInt(1 << 20), now);
      if (allowed > 0) {
        bucket.take(allowed);
        all += allowed;
      }
      times.add(now);
      spent.add(all);
    }

    var worst = 0.0;
    for (var from = 0; from < times.size(); from++) {
      for (var to = from; to < times.size(); to++) {
        var before = from == 0 ? 0 : spent.get(from - 1);
        var allowed = (times.get(to) - times.get(from)) * 1e-9 * rate;
        worst = Math.max(worst, spent.get(to) - before - allowed);
      }
    }
    assertThat(worst).isBetween(1.0, rate / 20 + 1.0);
  }

  @Test
  void whatWasTakenAndNotUsedIsThereAgain() {
    var bucket = new TokenBucket(1_000_000, 0);
    bucket.take(50_000);
    assertThat(bucket.available(1, 0)).isZero();

    bucket.take(-20_000);

    assertThat(bucket.available(1 << 20, 0)).isEqualTo(20_000);
    assertThat(bucket.wait(30_000, now)).isEqualTo(10_000_000L);
  }

  /** What was sent at the earlier rate does not keep the next one silent for long. */
  @Test
  void aLowerRateIsNotInDebtForLong() {
    var bucket = new TokenBucket(1 << 30, 0);
    bucket.take(bucket.available(Long.MAX_VALUE, now));
    bucket.take(1 << 20);

    bucket.rate(64 << 10, now);

    assertThat(bucket.wait(1, now)).isBetween(1L, SECOND);
    bucket.take(1 << 20);
    long owed = bucket.wait(1, now);
    bucket.rate(64 << 10, now);
    assertThat(bucket.wait(1, now)).as("the same rate again forgives nothing").isEqualTo(owed);
    bucket.rate(0, now);
    bucket.rate(64 << 10, now);
    assertThat(bucket.wait(1, now)).isBetween(1L, SECOND);
  }

  @Test
  void changesItsRateAtOnce() {
    var bucket = new TokenBucket(1_000_000, 0);
    spend(bucket, SECOND);
    bucket.rate(4_000_000, now);
    assertThat(spend(bucket, 3 * SECOND)).isBetween(7_800_000L, 8_300_000L);
    bucket.rate(0, now);
    assertThat(bucket.available(1 << 30, now)).isEqualTo(1 << 30);
  }
}

package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;

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

package dev.corvid.operator.release.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.release.seeder.SlotQueue.Need;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A seeder that only waits for its next attempt keeps nobody out. */
class FailedSeederSlotsTest {
  private static final Uptime START = new Uptime(0);

  private Uptime now = START;
  private final List<String> woken = new ArrayList<>();
  private final SeederSlots slots =
      new SeederSlots(new OperatorConfig.Limits(null, null, 2, "200Gi"), woken::addAll);

  @Test
  void givesWayAtOnceWhenItsSourceIsRefused() {
    assertThat(take("a1")).isTrue();
    assertThat(take("b1")).isTrue();
    now = now.plus(Duration.ofSeconds(1));
    assertThat(slots.giveUp("a1", 0, Reason.DigestMismatch, now)).as("nobody waits").isEmpty();

    assertThat(take("c1")).isFalse();
    assertThat(woken).containsExactly("a1");
    Problem waits = slots.giveUp("a1", 0, Reason.DigestMismatch, now).orElseThrow();

    assertThat(waits.message()).startsWith("its seeder failed, and was stopped because other");
    assertThat(take("a1")).as("it is the turn of c1").isFalse();
    assertThat(take("c1")).isTrue();
    assertThat(slots.giveUp("b1", 0, null, now)).as("it has not failed").isEmpty();
  }

  @Test
  void givesWayAfterAMinuteWhenItsSourceCannotBeReached() {
    take("a1");
    take("b1");
    take("c1");
    assertThat(slots.giveUp("a1", 0, Reason.SourceUnreachable, now)).isEmpty();
    assertThat(slots.due("a1")).contains(START.plus(SeederSlot.RETRIES));

    now = START.plus(Duration.ofSeconds(59));
    assertThat(slots.giveUp("a1", 0, Reason.SourceUnreachable, now)).isEmpty();
    now = START.plus(Duration.ofSeconds(60));
    assertThat(slots.giveUp("a1", 0, Reason.SourceUnreachable, now)).isPresent();
  }

  @Test
  void staysWhenItsSourceAnswersAgain() {
    take("a1");
    take("b1");
    take("c1");
    slots.giveUp("a1", 0, Reason.SourceUnreachable, now);
    now = START.plus(Duration.ofSeconds(50));
    slots.giveUp("a1", 1, null, now);
    now = START.plus(Duration.ofSeconds(70));

    assertThat(slots.giveUp("a1", 1, Reason.SourceUnreachable, now)).isEmpty();
    assertThat(slots.due("a1")).contains(now.plus(SeederSlot.RETRIES));
  }

  @Test
  void hasAPlaceAgainByItsTurnAndForLonger() {
    take("a1");
    take("b1");
    take("c1");
    slots.giveUp("a1", 0, Reason.InvalidContent, now);
    take("c1");
    now = now.plus(Duration.ofSeconds(5));
    slots.leave("c1");
    assertThat(take("a1")).isTrue();
    take("d1");

    assertThat(slots.giveUp("a1", 0, Reason.InvalidContent, now)).isEmpty();
    assertThat(slots.due("a1")).contains(now.plus(Duration.ofSeconds(60)));
  }

  /** Ten that always fail and two places: each has its turns, and pods are made ever less often. */
  @Test
  void manyThatFailTakeTurnsWithoutThrashing() {
    Map<String, Integer> made = new HashMap<>();
    Set<String> running = new HashSet<>();
    List<String> all = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    Duration hour = Duration.ofHours(1);
    for (now = START; now.isBefore(START.plus(hour)); now = now.plus(Duration.ofSeconds(10))) {
      for (String uid : all) {
        if (running.contains(uid)) {
          if (slots.giveUp(uid, 0, Reason.DigestMismatch, now).isPresent()) {
            running.remove(uid);
          }
        } else if (take(uid)) {
          running.add(uid);
          made.merge(uid, 1, Integer::sum);
        }
      }
      assertThat(running).hasSizeLessThanOrEqualTo(2);
      if (now.equals(START.plus(Duration.ofSeconds(120)))) {
        assertThat(made).as("the first turn of each is short").hasSize(10);
      }
    }

    assertThat(made.values()).allSatisfy(pods -> assertThat(pods).isBetween(3, 10));
  }

  @Test
  void oneThatWorksKeepsItsPlaceAmongThem() {
    take("good");
    long bytes = 0;
    boolean isBad = take("bad1");
    for (now = START;
        now.isBefore(START.plus(Duration.ofSeconds(3600)));
        now = now.plus(Duration.ofSeconds(10))) {
      bytes += SeederSlot.STEP;
      assertThat(slots.giveUp("good", bytes, null, now)).isEmpty();
      for (String uid : List.of("bad1", "bad2", "bad3")) {
        take(uid);
        slots.giveUp(uid, 0, Reason.SourceUnreachable, now);
      }
    }
    assertThat(isBad).isTrue();
  }

  private boolean take(String uid) {
    return slots.take(uid, new Need(uid, 1 << 30), now).isEmpty();
  }
}

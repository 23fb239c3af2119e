package dev.corvid.operator.release.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.release.seeder.SlotQueue.Need;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeederSlotsTest {
  private static final long GIB = 1L << 30;

  private static final Uptime NOW = new Uptime(0);

  private Uptime now = NOW;
  private final List<String> woken = new ArrayList<>();
  private final SeederSlots slots =
      new SeederSlots(new OperatorConfig.Limits(null, null, 4, "200Gi"), woken::addAll);

  @Test
  void servesThoseThatWaitInTheirOrder() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("a2", "a", 1)).isTrue();
    assertThat(take("b1", "b", 1)).isTrue();
    assertThat(take("b2", "b", 1)).isTrue();
    assertThat(take("c1", "c", 1)).isFalse();
    assertThat(take("d1", "d", 1)).isFalse();

    slots.leave("a1");

    assertThat(woken).containsExactly("c1");
    assertThat(take("d1", "d", 1)).isFalse();
    assertThat(take("c1", "c", 1)).isTrue();
    slots.leave("b1");
    assertThat(take("d1", "d", 1)).isTrue();
  }

  /** What keeps the pod from being made may be anything: no other release is to suffer from it. */
  @Test
  void aPlaceThatCannotBeUsedIsGivenBack() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("b1", "b", 1)).isTrue();
    assertThat(take("c1", "c", 1)).isTrue();
    assertThat(take("d1", "d", 1)).isTrue();
    assertThat(take("e1", "e", 1)).isFalse();
    assertThat(slots.<String>using("b1", () -> "a pod")).isEqualTo("a pod");

    assertThatThrownBy(
            () ->
                slots.using(
                    "a1",
                    () -> {
                      throw new IllegalArgumentException("no task");
                    }))
        .hasMessage("no task");

    assertThat(woken).containsExactly("e1");
    assertThat(take("e1", "e", 1)).isTrue();
    assertThat(take("a1", "a", 1)).as("b1 has its place still").isFalse();
  }

  @Test
  void aNamespaceHasHalfOfThemAtMost() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("a2", "a", 1)).isTrue();
    assertThat(take("a3", "a", 1)).isFalse();
    assertThat(take("b1", "b", 1)).isTrue();

    slots.leave("a1");

    assertThat(woken).contains("a3");
    assertThat(take("a3", "a", 1)).isTrue();
  }

  @Test
  void theirScratchSpaceIsBounded() {
    assertThat(take("a1", "a", 100)).isTrue();
    assertThat(take("b1", "b", 90)).isTrue();
    assertThat(take("c1", "c", 20)).isFalse();
    assertThat(take("d1", "d", 1)).as("it came after").isFalse();

    slots.leave("a1");

    assertThat(take("c1", "c", 20)).isTrue();
    assertThat(take("d1", "d", 1)).isTrue();
  }

  @Test
  void oneReleaseCannotHaveNorBlockAllOfTheScratchSpace() {
    assertThat(slots.take("d", new Need("d", 101 * GIB), NOW).orElseThrow().reason())
        .isEqualTo(Reason.LimitExceeded);
    assertThat(take("b1", "b", 1)).isTrue();
  }

  @Test
  void anEditIsAdmittedLikeANewRelease() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("a2", "a", 1)).isTrue();

    assertThat(take("a1", "a", 99)).as("with a2 half of all").isTrue();
    assertThat(take("a2", "a", 99)).as("198Gi of one namespace").isFalse();

    assertThat(take("b1", "b", 100)).isTrue();
    assertThat(take("c1", "c", 2)).as("201Gi").isFalse();
    slots.leave("c1");
    assertThat(take("a2", "a", 1)).as("it gave its place up").isTrue();
  }

  @Test
  void anEditDoesNotOvertakeThoseThatWait() {
    assertThat(take("a1", "a", 90)).isTrue();
    assertThat(take("b1", "b", 90)).isTrue();
    assertThat(take("c1", "c", 100)).isFalse();

    assertThat(take("a1", "a", 91)).isFalse();
    assertThat(woken).contains("c1");
    assertThat(take("c1", "c", 100)).isTrue();
    assertThat(take("a1", "a", 91)).isFalse();
  }

  @Test
  void aPlaceThatIsBeyondTheLimitIsNotHandedOn() {
    slots.hold("a1", new Need("a", 100 * GIB), NOW);
    slots.hold("a2", new Need("a", 100 * GIB), NOW);

    assertThat(take("a2", "a", 100)).as("its next seeder").isFalse();
    assertThat(take("a1", "a", 100)).isTrue();
  }

  @Test
  void whoIsGoneWaitsNoLongerAndHoldsNothing() {
    slots.hold("a1", new Need("a", 100 * GIB), NOW);
    slots.hold("a2", new Need("a", 50 * GIB), NOW);
    assertThat(take("b1", "b", 80)).isFalse();
    assertThat(take("c1", "c", 30)).isFalse();

    slots.leave("b1");
    assertThat(woken).containsExactly("c1");
    assertThat(take("c1", "c", 30)).isTrue();
    assertThat(take("d1", "d", 80)).isFalse();

    slots.retain(Set.of("d1"));

    assertThat(take("d1", "d", 80)).isTrue();
  }

  @Test
  void theNextIsWokenWhenTheHeadOfTheQueueIsForgotten() {
    assertThat(take("a1", "a", 100)).isTrue();
    assertThat(take("b1", "b", 60)).isTrue();
    assertThat(take("c1", "c", 80)).isFalse();
    assertThat(take("d1", "d", 30)).isFalse();
    woken.clear();

    slots.retain(Set.of("a1", "b1", "d1"));

    assertThat(woken).containsExactly("d1");
  }

  @Test
  void theNextIsWokenWhenAReleaseNeedsLess() {
    assertThat(take("a1", "a", 100)).isTrue();
    assertThat(take("b1", "b", 60)).isTrue();
    assertThat(take("c1", "c", 80)).isFalse();
    assertThat(take("d1", "d", 30)).isFalse();
    woken.clear();

    assertThat(take("a1", "a", 60)).isTrue();
    assertThat(woken).containsExactly("c1");
    woken.clear();
    assertThat(take("c1", "c", 10)).isTrue();
    assertThat(woken).containsExactly("d1");
  }

  @Test
  void theNextIsWokenWhenTheHeadOfTheQueueNeedsMoreThanItsNamespaceMayHave() {
    assertThat(take("a1", "a", 90)).isTrue();
    assertThat(take("b1", "b", 90)).isTrue();
    assertThat(take("c1", "c", 30)).isFalse();
    assertThat(take("d1", "d", 10)).isFalse();
    woken.clear();

    assertThat(take("c1", "c", 101)).isFalse();

    assertThat(woken).containsExactly("d1");
  }

  @Test
  void twoNamespacesWithHungSourcesDoNotKeepAThirdOut() {
    for (String uid : List.of("a1", "a2", "b1", "b2")) {
      assertThat(take(uid, uid.substring(0, 1), 1)).isTrue();
    }
    for (String uid : List.of("a3", "b3", "c1")) {
      assertThat(take(uid, uid.substring(0, 1), 1)).isFalse();
    }
    now = NOW.plus(SeederSlot.PATIENCE).minus(Duration.ofSeconds(1));
    assertThat(gaveUp("a1", "a2", "b1", "b2")).isEmpty();

    now = NOW.plus(SeederSlot.PATIENCE);
    assertThat(take("c1", "c", 1)).isFalse();
    assertThat(woken).as("it is asked for its place").isNotEmpty();
    assertThat(gaveUp("a1", "a2", "b1", "b2")).as("one that waits, one place").hasSize(1);

    assertThat(woken).contains("c1");
    assertThat(take("a3", "a", 1)).isFalse();
    assertThat(take("b3", "b", 1)).isFalse();
    assertThat(take("c1", "c", 1)).isTrue();
  }

  @Test
  void aHungSourceSaysWhyItWaitsAndHasItsPlaceAgain() {
    fill();
    now = NOW.plus(SeederSlot.PATIENCE);
    take("c1", "c", 1);
    String gone = gaveUp("a1", "b1", "a2", "b2").getFirst();
    String namespace = gone.substring(0, 1);
    Problem waits = slots.take(gone, new Need(namespace, GIB), now).orElseThrow();

    assertThat(waits.message()).contains("less than 10Mi in 10 minutes").contains("waits for");
    assertThat(waits.needsSomebody()).isFalse();
    assertThat(take("c1", "c", 1)).isTrue();
    slots.leave("c1");
    assertThat(woken).last().isEqualTo(gone);
    assertThat(take(gone, namespace, 1)).isTrue();
    assertThat(slots.due(gone)).contains(now.plus(SeederSlot.PATIENCE));
  }

  @Test
  void aSeederThatMovesStaysAndSoDoesOneThatNobodyWaitsFor() {
    fill();
    now = NOW.plus(SeederSlot.PATIENCE.multipliedBy(3));
    assertThat(gaveUp("a1", "a2", "b1", "b2")).as("nobody waits").isEmpty();
    now = NOW.plus(SeederSlot.PATIENCE.multipliedBy(4));
    for (String uid : List.of("a2", "b1", "b2")) {
      assertThat(slots.giveUp(uid, SeederSlot.STEP, null, now)).isEmpty();
    }
    slots.giveUp("a1", SeederSlot.STEP - 1, null, now);

    assertThat(take("c1", "c", 1)).isFalse();
    assertThat(slots.giveUp("b1", SeederSlot.STEP + 1, null, now)).isEmpty();
    assertThat(slots.giveUp("a1", SeederSlot.STEP - 1, null, now)).isPresent();
  }

  /** Its bytes are its own word. */
  @Test
  void aPlaceEndsHoweverMuchIsSaidToMove() {
    fill();
    take("c1", "c", 1);
    long bytes = 0;
    for (now = NOW;
        now.isBefore(NOW.plus(SeederSlot.TERM));
        now = now.plus(Duration.ofSeconds(300))) {
      bytes += SeederSlot.STEP;
      for (String uid : List.of("a1", "a2", "b1", "b2")) {
        assertThat(slots.giveUp(uid, bytes, null, now)).isEmpty();
      }
    }

    assertThat(gaveUp("a1", "a2", "b1", "b2")).hasSize(1);
    assertThat(take("c1", "c", 1)).isTrue();
  }

  @Test
  void aStartFromTheBeginningIsNoProgress() {
    fill();
    take("c1", "c", 1);
    slots.giveUp("a1", 5 * SeederSlot.STEP, null, NOW);

    now = NOW.plus(SeederSlot.PATIENCE);
    for (String uid : List.of("a2", "b1", "b2")) {
      slots.excuse(uid, now);
    }

    assertThat(slots.giveUp("a1", SeederSlot.STEP, null, now)).isPresent();
  }

  @Test
  void asManyGiveWayAsTheScratchSpaceOfOneNeeds() {
    for (String uid : List.of("a1", "b1")) {
      assertThat(take(uid, uid.substring(0, 1), 90)).isTrue();
    }
    assertThat(take("c1", "c", 100)).isFalse();
    now = NOW.plus(SeederSlot.PATIENCE);
    slots.hold("d1", new Need("d", 20 * GIB), now);
    take("c1", "c", 100);

    assertThat(gaveUp("a1", "b1", "a1", "b1")).containsExactlyInAnyOrder("a1", "b1");
    assertThat(take("a1", "a", 90)).isFalse();
    assertThat(take("c1", "c", 100)).isTrue();
  }

  @Test
  void noPlaceIsGivenUpForOneThatCouldNotHaveIt() {
    fill();
    assertThat(take("a3", "a", 100)).isFalse(); // with the others more than half of all
    now = NOW.plus(SeederSlot.PATIENCE);

    assertThat(gaveUp("a1", "a2", "b1", "b2")).isEmpty();
  }

  private void fill() {
    for (String uid : List.of("a1", "a2", "b1", "b2")) {
      assertThat(take(uid, uid.substring(0, 1), 1)).isTrue();
    }
  }

  /** Those of them that give their place up, each asked once and saying that nothing has moved. */
  private List<String> gaveUp(String... uids) {
    return Stream.of(uids).filter(uid -> slots.giveUp(uid, 0, null, now).isPresent()).toList();
  }

  private boolean take(String uid, String namespace, long gib) {
    return slots.take(uid, new Need(namespace, gib * GIB), now).isEmpty();
  }
}

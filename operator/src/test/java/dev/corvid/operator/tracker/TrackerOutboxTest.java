package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TrackerOutboxTest {
  private final TrackerOutbox outbox = new TrackerOutbox();

  @Test
  void sendsWhatChangedAndOnlyThat() throws Exception {
    outbox.reached("i");
    outbox.put(release("a", "1"));
    outbox.put(release("b", "1"));
    outbox.take();

    outbox.put(release("a", "1"));
    outbox.put(release("b", "2"));

    assertThat(outbox.take().releases()).containsExactly(release("b", "2"));
  }

  @Test
  void isCompleteOnlyWhenEveryReleaseOfTheStartWasDecided() throws Exception {
    outbox.reached("i");
    outbox.open(Set.of("a", "b"));
    outbox.put(release("a", "1"));
    assertThat(outbox.take().complete()).isFalse();

    outbox.considered("b");

    assertThat(outbox.take().complete()).isTrue();
  }

  @Test
  void isCompleteWithoutAnyRelease() throws Exception {
    outbox.reached("i");
    outbox.open(Set.of());

    assertThat(outbox.take()).isEqualTo(new Push("i", 0, true, List.of(), List.of(), null));
  }

  @Test
  void sendsEverythingToANewInstance() throws Exception {
    outbox.open(Set.of());
    outbox.reached("i");
    outbox.put(release("a", "1"));
    outbox.take();

    outbox.reached("j");

    assertThat(outbox.take())
        .isEqualTo(new Push("j", 0, true, List.of(release("a", "1")), List.of(), null));
  }

  @Test
  void sendsNodesThatAreElsewhereThanBeforeAndAllToANewInstance() throws Exception {
    var east = new Push.Node("east", "10.0.0.1");
    var west = new Push.Node("west", null);
    outbox.open(Set.of());
    outbox.reached("i");
    outbox.place("a", east);
    outbox.place("b", west);
    assertThat(outbox.take().nodes()).isEqualTo(Map.of("a", east, "b", west));

    outbox.place("a", east);
    outbox.place("b", Push.Node.UNKNOWN);
    outbox.place("c", west);
    Push lost = outbox.take();
    assertThat(lost.nodes()).isEqualTo(Map.of("b", Push.Node.UNKNOWN, "c", west));
    outbox.failed(lost);
    assertThat(outbox.take().nodes()).isEqualTo(lost.nodes());

    outbox.reached("j");
    assertThat(outbox.take().nodes()).isEqualTo(Map.of("a", east, "c", west));
  }

  @Test
  void repeatsWhatDidNotArrive() throws Exception {
    outbox.open(Set.of());
    outbox.reached("i");
    outbox.put(release("a", "1"));
    outbox.put(release("b", "1"));
    outbox.forget("b");
    Push lost = outbox.take();

    outbox.failed(lost);

    assertThat(outbox.take()).isEqualTo(lost);
  }

  @Test
  void sendsEverythingAfterAPushOfWhichItDoesNotKnow() throws Exception {
    outbox.open(Set.of());
    outbox.reached("i");
    outbox.put(release("a", "1"));
    outbox.take();
    outbox.sent(new Pushed("i", 1, true));
    outbox.put(release("b", "1"));
    outbox.forget("a");
    outbox.put(release("c", "1"));
    Push refused = outbox.take();
    assertThat(refused.after()).isEqualTo(1);

    outbox.refused(refused, new Pushed("i", 3, false));

    Push all = outbox.take();
    assertThat(all.after()).isEqualTo(3);
    assertThat(all.releases()).containsExactlyInAnyOrder(release("b", "1"), release("c", "1"));
    assertThat(all.forgotten()).containsExactly("a");
    assertThat(all.complete()).isTrue();
  }

  @Test
  void sendsWhatIsMuchInPartsAndCompletesWithTheLast() throws Exception {
    var small = new TrackerOutbox(2_000);
    small.open(Set.of());
    small.reached("i");
    for (int i = 0; i < 20; i++) {
      small.put(large("r" + i, 1));
    }
    small.place("a", new Push.Node("east", "10.0.0.1"));

    Set<String> seen = new HashSet<>();
    Set<String> nodes = new HashSet<>();
    Push push = small.take();
    for (long taken = 1; !push.complete(); taken++) {
      push.releases().forEach(each -> assertThat(seen.add(each.releaseUid())).isTrue());
      nodes.addAll(push.nodes().keySet());
      assertThat(Wire.encode(push).length).isLessThan(2_000);
      small.sent(new Pushed("i", taken, true));
      push = small.take();
      assertThat(push.after()).isEqualTo(taken);
    }

    push.releases().forEach(each -> seen.add(each.releaseUid()));
    assertThat(seen).hasSize(20);
    nodes.addAll(push.nodes().keySet());
    assertThat(nodes).containsExactly("a");
  }

  @Test
  void cutsAReleaseThatOnePushDoesNotHold() throws Exception {
    var small = new TrackerOutbox(2_000);
    small.open(Set.of());
    small.reached("i");
    small.put(large("a", 9));
    Push first = small.take();
    Push.Release part = first.releases().getFirst();
    assertThat(part.part()).isZero();
    assertThat(part.more()).isTrue();
    assertThat(first.complete()).isFalse();
    small.put(release("b", "1"));
    assertThat(small.take().releases().getFirst().part()).isEqualTo(1);

    small.put(large("a", 8));

    Push again = small.take();
    assertThat(again.releases()).containsExactly(release("b", "1"));
    List<SignedGrant> grants = new ArrayList<>();
    do {
      again = small.take();
      assertThat(Wire.encode(again).length).isLessThan(2_000);
      grants.addAll(again.releases().getFirst().grants());
    } while (!again.complete());
    assertThat(grants).isEqualTo(large("a", 8).grants());
  }

  @Test
  void beginsACutReleaseAgainWhenAPartIsLost() throws Exception {
    var small = new TrackerOutbox(2_000);
    small.open(Set.of());
    small.reached("i");
    small.put(large("a", 9));
    Push first = small.take();
    Push second = small.take();

    small.failed(second);

    assertThat(small.take()).isEqualTo(first);
  }

  @Test
  void givesUpTheOneReleaseThatTheTrackerRefusesAndSendsTheOthers() throws Exception {
    outbox.open(Set.of());
    outbox.reached("i");
    for (String uid : List.of("a", "b", "bad", "c", "d")) {
      outbox.put(release(uid, "1"));
    }
    Set<String> taken = new HashSet<>();
    boolean complete = false;
    for (int pushes = 0; !complete; pushes++) {
      assertThat(pushes).isLessThan(12);
      Push push = outbox.take();
      if (push.releases().stream().anyMatch(each -> each.releaseUid().equals("bad"))) {
        assertThat(outbox.unacceptable(push, "400")).isTrue();
      } else {
        push.releases().forEach(each -> taken.add(each.releaseUid()));
        outbox.sent(new Pushed("i", taken.size(), true));
        complete = push.complete();
      }
    }
    assertThat(taken).containsExactlyInAnyOrder("a", "b", "c", "d");

    outbox.put(release("bad", "2"));
    assertThat(outbox.take().releases()).containsExactly(release("bad", "2"));
  }

  @Test
  void saysWhatIsForgotten() throws Exception {
    outbox.reached("i");
    outbox.put(release("a", "1"));
    outbox.take();

    outbox.forget("a");

    assertThat(outbox.take().forgotten()).containsExactly("a");
  }

  @Test
  void waitsForNews() throws Exception {
    outbox.reached("i");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var push = CompletableFuture.supplyAsync(this::takeQuietly, threads);
      assertThat(push).isNotCompleted();

      outbox.put(release("a", "1"));

      assertThat(push.get(60, TimeUnit.SECONDS).releases()).hasSize(1);
    }
  }

  private Push takeQuietly() {
    try {
      return outbox.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With grants of some 300 bytes each. */
  private static Push.Release large(String uid, int grants) {
    return new Push.Release(
        uid,
        IntStream.range(0, grants)
            .mapToObj(i -> new SignedGrant(i + "{\"n\":\"" + "x".repeat(200) + "\"}", "k", "s"))
            .toList(),
        null);
  }

  private static Push.Release release(String uid, String pod) {
    return new Push.Release(uid, List.of(), new Push.Seeder(pod, null, null, null));
  }
}

package dev.corvid.operator.release.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerAgesTest {
  private static final Uptime FIRST = new Uptime(1);
  private static final Uptime LATER = new Uptime(2);

  private Uptime now = FIRST;
  private final PeerAges ages = new PeerAges(() -> now);

  /** Reconciliations look on ten threads, while events come on another one. */
  @Test
  void aPodThatIsAddedDuringALookKeepsItsAge() {
    var old = pod("1", "a");
    var added = pod("2", "b");
    ages.seen(old);
    ages.byNode(Stream.of(old).peek(_ -> ages.seen(added)));
    now = LATER;

    assertThat(ages.byNode(Stream.of(old, added))).isEqualTo(Map.of("a", FIRST, "b", FIRST));
  }

  @Test
  void aPodThatIsListedBeforeItsEventIsNew() {
    now = LATER;

    assertThat(ages.byNode(Stream.of(pod("1", "a")))).isEqualTo(Map.of("a", LATER));
  }

  @Test
  void ofTwoPodsOnANodeTheOneThatWasMadeLastCounts() {
    ages.seen(pod("1", "a"));
    now = LATER;
    ages.seen(pod("2", "a"));

    assertThat(ages.byNode(Stream.of(pod("2", "a"), pod("1", "a")))).isEqualTo(Map.of("a", LATER));
  }

  @Test
  void aPodThatIsGoneIsForgotten() {
    ages.seen(pod("1", "a"));
    ages.gone(pod("1", "a"));
    now = LATER;
    ages.seen(pod("1", "a"));

    assertThat(ages.byNode(Stream.of(pod("1", "a")))).isEqualTo(Map.of("a", LATER));
  }

  @Test
  void aPodWithoutANodeIsOnNone() {
    assertThat(ages.byNode(Stream.of(pod("1", null)))).isEmpty();
  }

  private static Pod pod(String uid, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }
}

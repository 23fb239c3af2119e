package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.OperatorConfig;
import dev.corvid.operator.release.SeederPlaces.Need;
import dev.corvid.wire.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeederPlacesTest {
  private static final long GIB = 1L << 30;

  private final List<String> woken = new ArrayList<>();
  private final SeederPlaces places =
      new SeederPlaces(new OperatorConfig.Limits(null, null, 4, "100Gi"), woken::addAll);

  @Test
  void servesThoseThatWaitInTheirOrder() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("a2", "a", 1)).isTrue();
    assertThat(take("b1", "b", 1)).isTrue();
    assertThat(take("b2", "b", 1)).isTrue();
    assertThat(take("c1", "c", 1)).isFalse();
    assertThat(take("d1", "d", 1)).isFalse();

    places.leave("a1");

    assertThat(woken).containsExactly("c1");
    assertThat(take("d1", "d", 1)).isFalse();
    assertThat(take("c1", "c", 1)).isTrue();
    places.leave("b1");
    assertThat(take("d1", "d", 1)).isTrue();
  }

  @Test
  void aNamespaceHasHalfOfThemAtMost() {
    assertThat(take("a1", "a", 1)).isTrue();
    assertThat(take("a2", "a", 1)).isTrue();
    assertThat(take("a3", "a", 1)).isFalse();
    assertThat(take("b1", "b", 1)).isTrue();

    places.leave("a1");

    assertThat(woken).contains("a3");
    assertThat(take("a3", "a", 1)).isTrue();
  }

  @Test
  void theirScratchSpaceIsBounded() {
    assertThat(take("a1", "a", 90)).isTrue();
    assertThat(take("b1", "b", 20)).isFalse();
    assertThat(take("c1", "c", 1)).as("it came after").isFalse();

    places.leave("a1");

    assertThat(take("b1", "b", 20)).isTrue();
    assertThat(take("c1", "c", 1)).isTrue();
    assertThat(places.take("d", new Need("d", 101 * GIB)).orElseThrow().reason())
        .isEqualTo(Reason.LimitExceeded);
  }

  @Test
  void whoIsGoneWaitsNoLongerAndHoldsNothing() {
    places.hold("a1", new Need("a", 50 * GIB));
    assertThat(take("b1", "b", 80)).isFalse();
    assertThat(take("c1", "c", 30)).isFalse();

    places.leave("b1");
    assertThat(woken).containsExactly("c1");
    assertThat(take("c1", "c", 30)).isTrue();
    assertThat(take("d1", "d", 80)).isFalse();

    places.retain(Set.of("d1"));

    assertThat(take("d1", "d", 80)).isTrue();
  }

  private boolean take(String uid, String namespace, long gib) {
    return places.take(uid, new Need(namespace, gib * GIB)).isEmpty();
  }
}

package dev.corvid.operator.release.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseLimitTest {
  private final List<SwarmRelease> releases = new ArrayList<>();
  private final List<String> woken = new ArrayList<>();
  private final ReleaseLimit serving =
      new ReleaseLimit(
          new OperatorConfig.Limits(2, 3, null, null), () -> List.copyOf(releases), woken::addAll);

  @Test
  void servesTheOldestOfANamespaceAndOfTheCluster() {
    SwarmRelease third = add("a", "u3", 3);
    SwarmRelease first = add("a", "u1", 1);
    SwarmRelease second = add("a", "u2", 2);
    SwarmRelease other = add("b", "u4", 4);
    SwarmRelease last = add("b", "u5", 4);

    assertThat(serving.excess(first)).isEmpty();
    assertThat(serving.excess(second)).isEmpty();
    assertThat(serving.excess(other)).isEmpty();
    Problem ofNamespace = serving.excess(third).orElseThrow();
    assertThat(ofNamespace.reason()).isEqualTo(Reason.LimitExceeded);
    assertThat(ofNamespace.message()).contains("2", "namespace a", "limits.releasesPerNamespace");
    assertThat(serving.excess(last).orElseThrow().message()).contains("3", "limits.releases in");
  }

  @Test
  void anotherOneTakesThePlaceOfOneThatIsGone() {
    SwarmRelease first = add("a", "u1", 1);
    add("a", "u2", 2);
    SwarmRelease third = add("a", "u3", 3);
    assertThat(serving.excess(third)).isPresent();

    serving.gone("u1");

    assertThat(woken).containsExactly("u3");
    assertThat(serving.excess(third)).isEmpty();
    releases.remove(first);
    add("a", "u0", 0);
    serving.refresh();
    assertThat(serving.isSetAside("u3")).isTrue();
  }

  @Test
  void oneThatIsDisplacedIsWoken() {
    add("a", "u1", 1);
    SwarmRelease served = add("a", "u5", 3);
    assertThat(serving.excess(served)).isEmpty();

    SwarmRelease older = add("a", "u4", 3);

    assertThat(serving.excess(older)).as("of the same second, the lesser uid").isEmpty();
    assertThat(woken).containsExactly("u5");
    assertThat(serving.excess(served)).isPresent();
  }

  @Test
  void oneThatTheCacheHasYetToListIsNotServedBeyondTheLimit() {
    add("a", "u1", 1);
    add("a", "u2", 2);
    SwarmRelease third = add("a", "u3", 3);
    releases.remove(third);

    assertThat(serving.excess(third)).isPresent();
  }

  private SwarmRelease add(String namespace, String uid, int second) {
    var release = new SwarmRelease();
    release.setMetadata(
        new ObjectMetaBuilder()
            .withName(uid)
            .withNamespace(namespace)
            .withUid(uid)
            .withCreationTimestamp("2026-01-02T03:04:0" + second + "Z")
            .build());
    releases.add(release);
    return release;
  }
}

package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");

  private Namespace found = namespace("ns-1", MADE);
  private int asked;
  private final Namespaces namespaces =
      new Namespaces(
          name -> {
            asked++;
            return found;
          });

  @Test
  void asksOnceForReleasesThatAreNotYounger() {
    assertThat(namespaces.uidOf(madeAt(30))).contains("ns-1");
    assertThat(namespaces.uidOf(madeAt(30))).contains("ns-1");
    assertThat(namespaces.uidOf(madeAt(10))).contains("ns-1");
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void knowsANamespaceThatWasMadeAgain() {
    namespaces.uidOf(madeAt(30));
    found = namespace("ns-2", MADE.plusSeconds(60));

    assertThat(namespaces.uidOf(madeAt(70))).contains("ns-2");
    assertThat(namespaces.uidOf(madeAt(65))).contains("ns-2");
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void hasNoneForAReleaseOfTheFormerNamespace() {
    found = namespace("ns-2", MADE.plusSeconds(60));

    assertThat(namespaces.uidOf(madeAt(30))).isEmpty();
  }

  @Test
  void hasNoneWhereThereIsNoNamespace() {
    found = null;

    assertThat(namespaces.uidOf(madeAt(30))).isEmpty();
  }

  @Test
  void forgetsNamespacesWithoutReleases() {
    namespaces.uidOf(madeAt(30));
    namespaces.retain(Set.of());
    namespaces.uidOf(madeAt(30));

    assertThat(asked).isEqualTo(2);
  }

  private static SwarmRelease madeAt(long seconds) {
    SwarmRelease release = Given.release("suspend: false");
    release.getMetadata().setCreationTimestamp(MADE.plusSeconds(seconds).toString());
    return release;
  }

  private static Namespace namespace(String uid, Instant created) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName("search")
        .withUid(uid)
        .withCreationTimestamp(created.toString())
        .endMetadata()
        .build();
  }
}

package dev.corvid.operator.release.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.Given;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");

  private Namespace found = namespace("ns-1", MADE);
  private int asked;
  private final Set<String> existing = new HashSet<>();
  private final List<SwarmRelease> cached = new ArrayList<>();
  private final Namespaces namespaces =
      new Namespaces(
          new Namespaces.Server() {
            @Override
            public Namespace namespace(String name) {
              asked++;
              return found;
            }

            @Override
            public boolean exists(SwarmRelease release) {
              return existing.contains(release.getMetadata().getUid());
            }
          },
          () -> cached);

  @Test
  void asksOnceForTheReleasesThatAreKnown() {
    SwarmRelease one = release("u1", 30);
    SwarmRelease other = release("u2", 40);
    cached.addAll(List.of(one, other));

    assertThat(namespaces.uidOf(one)).contains("ns-1");
    assertThat(namespaces.uidOf(other)).contains("ns-1");
    assertThat(namespaces.uidOf(one)).contains("ns-1");
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void theAnswerIsNoneForReleasesThatANamespaceDoesNotWaitFor() {
    SwarmRelease unfinished = release("u2", 40);
    unfinished.getMetadata().setFinalizers(List.of());
    SwarmRelease elsewhere = release("u3", 40);
    elsewhere.getMetadata().setNamespace("other");
    cached.addAll(List.of(unfinished, elsewhere));

    namespaces.uidOf(release("u1", 30));
    namespaces.uidOf(unfinished);
    namespaces.uidOf(elsewhere);

    assertThat(asked).isEqualTo(3);
  }

  @Test
  void knowsANamespaceThatWasCreatedAgain() {
    namespaces.uidOf(release("u1", 30));
    found = namespace("ns-2", MADE.plusSeconds(60));

    assertThat(namespaces.uidOf(release("u2", 70))).contains("ns-2");
    assertThat(namespaces.uidOf(release("u3", 65))).contains("ns-2");
  }

  @Test
  void knowsANamespaceThatWasCreatedAgainByAClockThatIsBehind() {
    assertThat(namespaces.uidOf(release("u1", 600))).contains("ns-1");
    found = namespace("ns-2", MADE.plusSeconds(570));

    assertThat(namespaces.uidOf(release("u2", 580))).contains("ns-2");
  }

  @Test
  void knowsANamespaceThatWasCreatedAgainInTheSameSecond() {
    assertThat(namespaces.uidOf(release("u1", 600))).contains("ns-1");
    found = namespace("ns-2", MADE.plusSeconds(600));

    assertThat(namespaces.uidOf(release("u2", 600))).contains("ns-2");
  }

  @Test
  void hasNoneForAReleaseOfTheFormerNamespace() {
    found = namespace("ns-2", MADE.plusSeconds(60));

    assertThat(namespaces.uidOf(release("u1", 30))).isEmpty();
  }

  @Test
  void aReleaseMaySeemOlderThanItsNamespace() {
    found = namespace("ns-1", MADE.plusSeconds(1));
    existing.add("u1");

    assertThat(namespaces.uidOf(release("u1", 0))).contains("ns-1");
  }

  @Test
  void hasNoneWhereThereIsNoNamespace() {
    found = null;

    assertThat(namespaces.uidOf(release("u1", 30))).isEmpty();
  }

  @Test
  void forgetsReleasesThatAreGone() {
    namespaces.uidOf(release("u1", 30));
    namespaces.retain(Set.of());
    namespaces.uidOf(release("u1", 30));

    assertThat(asked).isEqualTo(2);
  }

  private static SwarmRelease release(String uid, long seconds) {
    SwarmRelease release = Given.release("suspend: false");
    release.setMetadata(
        new ObjectMetaBuilder()
            .withName(uid)
            .withNamespace("search")
            .withUid(uid)
            .withCreationTimestamp(MADE.plusSeconds(seconds).toString())
            .withFinalizers(SwarmRelease.FINALIZER)
            .build());
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

package dev.corvid.operator.release.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimUsersTest {
  private final List<ReleaseName> woken = new ArrayList<>();

  /** Watches that are open, by the namespace. */
  private final Map<String, Watcher<Pod>> open = new ConcurrentHashMap<>();

  /** Watches of these namespaces are not answered until the latch is 0. */
  private final Map<String, CountDownLatch> deaf = new ConcurrentHashMap<>();

  private final ClaimUsers users = new ClaimUsers(client(), woken::addAll);

  @AfterEach
  void close() {
    deaf.values().forEach(CountDownLatch::countDown);
    users.close();
  }

  @Test
  void aReleaseIsWokenWhenAPodThatUsesItsClaimIsGone() {
    assertThat(users.mayBeFewer(name("a", "one"))).isTrue();
    assertThat(users.mayBeFewer(name("a", "one"))).isFalse();

    open.get("a").eventReceived(Watcher.Action.DELETED, pod("other"));
    assertThat(woken).isEmpty();
    open.get("a").eventReceived(Watcher.Action.DELETED, pod("one"));

    assertThat(woken).containsExactly(name("a", "one"));
    assertThat(users.mayBeFewer(name("a", "one"))).isTrue();
  }

  @Test
  void aWatchThatIsLostIsBegunAgain() {
    users.mayBeFewer(name("a", "one"));
    open.remove("a").onClose(new WatcherException("too old"));

    assertThat(woken).containsExactly(name("a", "one"));
    assertThat(users.mayBeFewer(name("a", "one"))).isTrue();
    assertThat(open).containsKey("a");
  }

  @Test
  void theWatchEndsWithTheLastReleaseThatWaits() {
    users.mayBeFewer(name("a", "one"));
    users.mayBeFewer(name("a", "two"));

    users.forget(name("a", "one"));
    assertThat(open).containsKey("a");
    users.forget(name("a", "two"));
    assertThat(open).isEmpty();

    assertThat(users.mayBeFewer(name("a", "one"))).isTrue();
    assertThat(open).containsKey("a");
  }

  /** Of one whose finalizer somebody removed no deletion is seen. */
  @Test
  void aSweepForgetsTheReleasesThatAreGoneAndNoOther() {
    users.mayBeFewer(name("a", "gone"));
    users.mayBeFewer(name("b", "gone"));
    users.mayBeFewer(name("b", "staying"));

    users.retain(Set.of(name("b", "staying"), name("c", "gone")));

    assertThat(open).containsOnlyKeys("b");
    assertThat(users.mayBeFewer(name("b", "staying"))).isFalse();
    assertThat(users.mayBeFewer(name("b", "gone"))).isTrue();
  }

  /** Not even of one whose name falls into the same bin of a table. */
  @Test
  void aWatchThatTakesLongHoldsUpNoOtherNamespace() throws Exception {
    String other =
        Stream.iterate(0, i -> i + 1)
            .map(i -> "b" + i)
            .filter(each -> bin(each) == bin("a"))
            .findFirst()
            .orElseThrow();
    var asked = new CountDownLatch(1);
    deaf.put("a", new CountDownLatch(1));
    Thread.ofVirtual()
        .start(
            () -> {
              asked.countDown();
              users.mayBeFewer(name("a", "one"));
            });
    asked.await();
    watching.get(60, TimeUnit.SECONDS);

    var answered = new CompletableFuture<Boolean>();
    Thread.ofVirtual().start(() -> answered.complete(users.mayBeFewer(name(other, "one"))));

    assertThat(answered.get(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Somebody waits for the answer. */
  private final CompletableFuture<String> watching = new CompletableFuture<>();

  private Watch watch(String namespace, Watcher<Pod> watcher) throws InterruptedException {
    var latch = deaf.get(namespace);
    if (latch != null) {
      watching.complete(namespace);
      latch.await();
    }
    open.put(namespace, watcher);
    return () -> open.remove(namespace);
  }

  private static int bin(String key) {
    return (key.hashCode() ^ key.hashCode() >>> 16) & 15;
  }

  private KubernetesClient client() {
    return fake(KubernetesClient.class, "pods", (_, _) -> pods());
  }

  private Object pods() {
    return fake(MixedOperation.class, "inNamespace", (_, arguments) -> of((String) arguments[0]));
  }

  private Object of(String namespace) {
    return fake(
        NonNamespaceOperation.class,
        "watch",
        (_, arguments) -> {
          try {
            return watch(namespace, watcher(arguments[0]));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static Watcher<Pod> watcher(Object argument) {
    return (Watcher<Pod>) argument;
  }

  /** What answers that method, and no other. */
  private static <T> T fake(Class<T> type, String method, BiFunction<T, Object[], Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            ClaimUsersTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (!called.getName().equals(method)) {
                throw new UnsupportedOperationException(called.toString());
              }
              return answer.apply(type.cast(proxy), arguments);
            }));
  }

  private static ReleaseName name(String namespace, String name) {
    return new ReleaseName(namespace, name);
  }

  private static Pod pod(String claim) {
    return new PodBuilder()
        .withNewSpec()
        .addNewVolume()
        .withNewPersistentVolumeClaim(claim, false)
        .endVolume()
        .endSpec()
        .build();
  }
}

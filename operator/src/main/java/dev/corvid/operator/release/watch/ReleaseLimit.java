package dev.corvid.operator.release.watch;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Which releases are served where there are more than the admin allows: the oldest of each
 * namespace, and of them the oldest of the cluster. The choice depends on nothing else, so that it
 * is the same after a restart. Thread-safe.
 */
public final class ReleaseLimit {
  private final OperatorConfig.Limits limits;
  private final Supplier<List<SwarmRelease>> releases;
  private final Consumer<Collection<String>> wake;
  private final Set<String> gone = new HashSet<>();
  private Choice choice = new Choice(Set.of(), Set.of(), Map.of());

  /**
   * @param served uids
   * @param setAside uids
   * @param byNamespace how many are served of each
   */
  record Choice(Set<String> served, Set<String> setAside, Map<String, Integer> byNamespace) {
    static Choice of(Collection<SwarmRelease> releases, OperatorConfig.Limits limits) {
      Set<String> served = new HashSet<>();
      Set<String> setAside = new HashSet<>();
      Map<String, Integer> byNamespace = new HashMap<>();
      for (SwarmRelease release :
          releases.stream().sorted(ReleaseInformers.OLDEST_FIRST).toList()) {
        String namespace = release.getMetadata().getNamespace();
        if (served.size() < limits.releases()
            && byNamespace.getOrDefault(namespace, 0) < limits.releasesPerNamespace()) {
          served.add(uid(release));
          byNamespace.merge(namespace, 1, Integer::sum);
        } else {
          setAside.add(uid(release));
        }
      }
      return new Choice(served, setAside, byNamespace);
    }

    boolean knows(String uid) {
      return served.contains(uid) || setAside.contains(uid);
    }
  }

  /**
   * @param releases every release that exists
   * @param wake told the uids of releases that are served from now on, and of those that no longer
   *     are
   */
  public ReleaseLimit(
      OperatorConfig.Limits limits,
      Supplier<List<SwarmRelease>> releases,
      Consumer<Collection<String>> wake) {
    this.limits = limits;
    this.releases = releases;
    this.wake = wake;
  }

  /** Why that release is not served; empty when it is. */
  public synchronized Optional<Problem> excess(SwarmRelease release) {
    if (!choice.knows(uid(release))) {
      choose(Stream.of(release)); // the list may not have it yet
    }
    return isSetAside(uid(release))
        ? Optional.of(problem(release.getMetadata().getNamespace()))
        : Optional.empty();
  }

  synchronized boolean isSetAside(String uid) {
    return choice.setAside().contains(uid);
  }

  /**
   * The release is gone, although the cache may not know it yet: another one may take its place.
   */
  public synchronized void gone(String uid) {
    gone.add(uid);
    choose(Stream.empty());
  }

  /** Chooses again, for what went without being told of. */
  public synchronized void refresh() {
    choose(Stream.empty());
  }

  private void choose(Stream<SwarmRelease> more) {
    Map<String, SwarmRelease> all = new HashMap<>();
    Stream.concat(more, releases.get().stream()).forEach(release -> all.put(uid(release), release));
    gone.retainAll(all.keySet());
    all.keySet().removeAll(gone);
    Choice before = choice;
    choice = Choice.of(all.values(), limits);
    List<String> changed =
        Stream.concat(
                choice.served().stream().filter(before.setAside()::contains),
                choice.setAside().stream().filter(before.served()::contains))
            .toList();
    if (!changed.isEmpty()) {
      wake.accept(changed);
    }
  }

  /** It names no count that changes with each release: every one of them would be written again. */
  private Problem problem(String namespace) {
    boolean full = choice.byNamespace().getOrDefault(namespace, 0) >= limits.releasesPerNamespace();
    return new Problem(
        Reason.LimitExceeded,
        full
            ? "only the oldest %d releases of the namespace %s are served: delete some of them, or ask the cluster's admin for a higher limits.releasesPerNamespace in the chart's values"
                .formatted(limits.releasesPerNamespace(), namespace)
            : "only the oldest %d releases of the cluster are served: delete some, or raise limits.releases in the chart's values"
                .formatted(limits.releases()));
  }

  private static String uid(SwarmRelease release) {
    return release.getMetadata().getUid();
  }
}

package dev.corvid.operator.tracker;

import dev.corvid.wire.Push;
import dev.corvid.wire.Pushed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the tracker is to know, and what of it has not been sent. {@link #take} blocks until there
 * is something to send; a new instance of the tracker is sent everything. Thread-safe.
 */
public final class Ledger {
  private final Map<String, Push.Release> releases = new HashMap<>();
  private final Set<String> changed = new HashSet<>();
  private final Set<String> forgotten = new HashSet<>();
  private final Set<String> awaited = new HashSet<>();
  private Map<String, Push.Node> places = Map.of();
  private final Set<String> moved = new HashSet<>();
  private String instance;
  private long pushes;
  private boolean opened;
  private boolean completeSent;

  /** The releases that exist at the start: only when each was decided is a push complete. */
  public synchronized void open(Set<String> releaseUids) {
    awaited.addAll(releaseUids);
    awaited.removeAll(releases.keySet());
    opened = true;
    notifyAll();
  }

  /** What the tracker is to know of one release from now on. Equal content is not sent again. */
  public synchronized void put(Push.Release release) {
    String uid = release.releaseUid();
    forgotten.remove(uid);
    awaited.remove(uid);
    if (!release.equals(releases.put(uid, release))) {
      changed.add(uid);
    }
    notifyAll();
  }

  /** The release has nothing to say for now, but it was looked at. */
  public synchronized void considered(String releaseUid) {
    if (awaited.remove(releaseUid)) {
      notifyAll();
    }
  }

  /** The release is gone; this removes nothing on any node. */
  public synchronized void forget(String releaseUid) {
    awaited.remove(releaseUid);
    changed.remove(releaseUid);
    if (releases.remove(releaseUid) != null) {
      forgotten.add(releaseUid);
    }
    notifyAll();
  }

  /** Where nodes are, by name; those of which nothing is known are not named. */
  public synchronized void places(Map<String, Push.Node> byNode) {
    if (byNode.equals(places)) {
      return; // told with every release that is reconciled
    }
    Set<Map.Entry<String, Push.Node>> same = new HashSet<>(byNode.entrySet());
    same.retainAll(places.entrySet());
    Stream.concat(byNode.entrySet().stream(), places.entrySet().stream())
        .filter(entry -> !same.contains(entry))
        .forEach(entry -> moved.add(entry.getKey()));
    places = Map.copyOf(byNode);
    notifyAll();
  }

  public synchronized Optional<Push.Release> get(String releaseUid) {
    return Optional.ofNullable(releases.get(releaseUid));
  }

  /** The tracker that runs; a new one knows nothing. */
  synchronized void reached(String trackerInstance) {
    if (!trackerInstance.equals(instance)) {
      instance = trackerInstance;
      pushes = 0;
      forgotten.clear();
      moved.clear();
      everythingIsDue();
    }
  }

  /** The next push; what it carries counts as sent until {@link #failed}. */
  synchronized Push take() throws InterruptedException {
    while (!hasNews()) {
      wait();
    }
    List<Push.Release> news = new ArrayList<>();
    changed.forEach(uid -> news.add(releases.get(uid)));
    Map<String, Push.Node> nodes = new HashMap<>();
    moved.forEach(node -> nodes.put(node, places.getOrDefault(node, Push.Node.UNKNOWN)));
    var push = new Push(instance, pushes, isComplete(), news, List.copyOf(forgotten), nodes);
    completeSent = push.complete();
    changed.clear();
    forgotten.clear();
    moved.clear();
    return push;
  }

  /** The push was taken. */
  synchronized void sent(Pushed pushed) {
    if (pushed.instance().equals(instance)) {
      pushes = pushed.pushes();
    }
  }

  /**
   * The push came to another instance, or this one has taken a push that is not known to have
   * arrived, or is of a former leader: everything is due.
   */
  synchronized void refused(Push push, Pushed pushed) {
    failed(push);
    reached(pushed.instance());
    pushes = pushed.pushes();
    everythingIsDue();
  }

  /** The push did not arrive, or not certainly: its content is due again. */
  synchronized void failed(Push push) {
    push.releases().stream()
        .map(Push.Release::releaseUid)
        .filter(releases::containsKey)
        .forEach(changed::add);
    push.forgotten().stream().filter(uid -> !releases.containsKey(uid)).forEach(forgotten::add);
    moved.addAll(push.nodes().keySet());
    completeSent = false;
  }

  private void everythingIsDue() {
    changed.addAll(releases.keySet());
    moved.addAll(places.keySet());
    completeSent = false;
    notifyAll();
  }

  private boolean hasNews() {
    return instance != null
        && (!changed.isEmpty()
            || !forgotten.isEmpty()
            || !moved.isEmpty()
            || (isComplete() && !completeSent));
  }

  private boolean isComplete() {
    return opened && awaited.isEmpty();
  }
}

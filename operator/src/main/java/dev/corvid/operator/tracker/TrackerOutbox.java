package dev.corvid.operator.tracker;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tracker is to know, and what of it has not been sent. {@link #take} blocks until there
 * is something to send; a new instance of the tracker is sent everything. What is much is sent in
 * several pushes, and only the last of them can be complete. Thread-safe.
 */
public final class TrackerOutbox {
  private static final Logger LOG = LoggerFactory.getLogger(TrackerOutbox.class);

  /** Bytes of JSON in one push: a quarter of what the tracker takes. */
  private static final int PUSH_BYTES = Push.MAX_BYTES / 4;

  private final int pushBytes;
  private final Map<String, Push.Release> releases = new HashMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Set<String> forgotten = new HashSet<>();
  private final Set<String> awaited = new HashSet<>();
  private final Map<String, Push.Node> places = new HashMap<>();
  private final Set<String> moved = new HashSet<>();

  /** The parts that are left of a release that one push does not hold; they go before all else. */
  private final Deque<Push.Release> rest = new ArrayDeque<>();

  private @Nullable String instance;
  private long pushes;
  private int mostReleases = Integer.MAX_VALUE;
  private boolean opened;
  private boolean completeSent;

  public TrackerOutbox() {
    this(PUSH_BYTES);
  }

  /**
   * @param pushBytes of JSON in one push, about
   */
  TrackerOutbox(int pushBytes) {
    this.pushBytes = pushBytes;
  }

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
      due(uid);
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
    dropRest(releaseUid);
    if (releases.remove(releaseUid) != null) {
      forgotten.add(releaseUid);
    }
    notifyAll();
  }

  /** Where a node is; unknown when it is gone. An equal place is not sent again. */
  public synchronized void place(String node, Push.Node place) {
    Push.Node before =
        place.equals(Push.Node.UNKNOWN) ? places.remove(node) : places.put(node, place);
    boolean known = instance != null; // a standby would collect the names of all nodes that were
    if (known && !place.equals(before == null ? Push.Node.UNKNOWN : before)) {
      moved.add(node);
      notifyAll();
    }
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
    var push = new PushBuilder(pushBytes);
    takeReleases(push);
    if (rest.isEmpty()) {
      takeWhile(forgotten, push::forget);
      takeWhile(moved, node -> push.add(node, places.getOrDefault(node, Push.Node.UNKNOWN)));
    }
    completeSent = isComplete() && !isAnythingDue();
    return push.build(requireNonNull(instance, "there is news"), pushes, completeSent);
  }

  private void takeReleases(PushBuilder push) {
    int taken = 0;
    while (taken < mostReleases && (!rest.isEmpty() || !changed.isEmpty())) {
      if (rest.isEmpty()) {
        rest.addAll(
            PushBuilder.cut(requireNonNull(releases.get(changed.iterator().next())), pushBytes));
      }
      if (!push.add(rest.peek())) {
        if (rest.peek().part() == 0) {
          rest.clear(); // nothing of it is sent yet: it may be another one by then
        }
        return;
      }
      changed.remove(rest.peek().releaseUid());
      if (rest.poll().more()) {
        return; // the next part has a push to itself
      }
      taken++;
    }
  }

  private static void takeWhile(Set<String> due, Predicate<String> fits) {
    Iterator<String> next = due.iterator();
    while (next.hasNext() && fits.test(next.next())) {
      next.remove();
    }
  }

  /** The push was taken. */
  synchronized void sent(Pushed pushed) {
    if (pushed.instance().equals(instance)) {
      pushes = pushed.pushes();
      mostReleases = mostReleases > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : mostReleases * 2;
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
        .forEach(this::due);
    push.forgotten().stream().filter(uid -> !releases.containsKey(uid)).forEach(forgotten::add);
    moved.addAll(push.nodes().keySet());
    completeSent = false;
  }

  /**
   * The tracker does not take what is in the push, and would not take it again: fewer releases are
   * sent at once, until it is one alone. That one is given up until it changes; the others must not
   * wait for it.
   *
   * @return whether less is due now, so that the next push is another one
   */
  synchronized boolean unacceptable(Push push, String why) {
    failed(push);
    int count = push.releases().size();
    if (count > 1) {
      mostReleases = count / 2;
      LOG.warn("The tracker refuses a push of {} releases, it is divided: {}", count, why);
    } else if (count == 1) {
      String uid = push.releases().getFirst().releaseUid();
      changed.remove(uid);
      dropRest(uid);
      LOG.error(
          "The tracker refuses the release {}; it is not sent until it changes: {}", uid, why);
    } else {
      moved.removeAll(push.nodes().keySet());
      forgotten.removeAll(push.forgotten());
      LOG.error("The tracker refuses to hear where {} nodes are: {}", push.nodes().size(), why);
    }
    return count > 0 || !push.nodes().isEmpty() || !push.forgotten().isEmpty();
  }

  /** All of it: parts of an earlier content that were sent already are of no use any more. */
  private void due(String releaseUid) {
    dropRest(releaseUid);
    changed.add(releaseUid);
  }

  private void dropRest(String releaseUid) {
    if (!rest.isEmpty() && rest.peek().releaseUid().equals(releaseUid)) {
      rest.clear();
    }
  }

  private void everythingIsDue() {
    rest.clear();
    changed.addAll(releases.keySet());
    moved.addAll(places.keySet());
    completeSent = false;
    notifyAll();
  }

  private boolean hasNews() {
    return instance != null && (isAnythingDue() || (isComplete() && !completeSent));
  }

  private boolean isAnythingDue() {
    return !changed.isEmpty() || !forgotten.isEmpty() || !moved.isEmpty() || !rest.isEmpty();
  }

  private boolean isComplete() {
    return opened && awaited.isEmpty();
  }
}

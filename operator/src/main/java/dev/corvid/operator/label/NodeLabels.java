package dev.corvid.operator.label;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes labels to Nodes, one write for each change, at most twenty a second: a switch of a
 * thousand nodes is not felt by the API server. What is due is a map, so only the last word on a
 * label is written. Thread-safe.
 */
public final class NodeLabels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLabels.class);
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(50);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

  /** A Node is read by every kubelet's neighbours: 256 labels are some 25 KB of it. */
  static final int MOST = 256;

  private final KubernetesClient client;
  private final Duration afterAFailure;
  private final LongAdder refused = new LongAdder();
  private final Map<String, Set<String>> adding = new HashMap<>();
  private final Map<Label, Change> due = new LinkedHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private @Nullable Change inWriting;
  private @Nullable Thread writer;
  private boolean closed;

  private record Label(String node, String key) {}

  private record Change(Label label, @Nullable String value) {}

  public NodeLabels(KubernetesClient client) {
    this(client, AFTER_A_FAILURE);
  }

  /**
   * @param afterAFailure the pause after a write that failed
   */
  NodeLabels(KubernetesClient client, Duration afterAFailure) {
    this.client = client;
    this.afterAFailure = afterAFailure;
  }

  public void start() {
    writer = Thread.ofVirtual().name("node-labels").start(this::write);
  }

  /**
   * @param now what the Node carries; null for nothing
   * @param wanted null to take the label away
   * @param carried how many labels of releases the Node carries; beyond {@value #MOST} none is
   *     added
   */
  public void put(
      String node, String key, @Nullable String now, @Nullable String wanted, int carried) {
    var change = new Change(new Label(node, key), wanted);
    lock.lock();
    try {
      if (now == null && wanted != null && !mayAdd(change.label(), carried)) {
        return;
      }
      if (wanted == null) {
        added(change.label());
      }
      if (Objects.equals(now, wanted) || change.equals(inWriting)) {
        due.remove(change.label());
      } else {
        due.put(change.label(), change);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Times that a label was left out because its Node carries enough of them. */
  public long refused() {
    return refused.sum();
  }

  private boolean mayAdd(Label label, int carried) {
    Set<String> keys = adding.computeIfAbsent(label.node(), node -> new HashSet<>());
    if (!keys.contains(label.key()) && carried + keys.size() >= MOST) {
      refused.increment();
      return false;
    }
    keys.add(label.key());
    return true;
  }

  /** The label is there, or is no longer to be. */
  private void added(Label label) {
    adding.computeIfPresent(
        label.node(),
        (node, keys) -> {
          keys.remove(label.key());
          return keys.isEmpty() ? null : keys;
        });
  }

  private void write() {
    try {
      while (true) {
        Change change = take();
        pause(patch(change) ? BETWEEN_WRITES : afterAFailure);
      }
    } catch (InterruptedException e) {
      LOG.debug("Labels are no longer written");
    }
  }

  /** It counts as being written until the next one is taken: a watch takes a moment to tell. */
  private Change take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (due.isEmpty()) {
        changed.await();
      }
      var next = requireNonNull(due.remove(due.keySet().iterator().next()));
      inWriting = next;
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is done; else it is due again. A defect must not end the only writer. */
  private boolean patch(Change change) {
    try {
      send(change);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.warn("The node {} could not be labelled: {}", change.label().node(), e.getMessage());
        again(change);
        return false;
      }
      LOG.debug("The node {} is gone, and its labels with it", change.label().node());
    } catch (RuntimeException e) {
      LOG.error("Labelling the node {} ended in a defect", change.label().node(), e);
      again(change);
      return false;
    }
    written(change);
    return true;
  }

  private void send(Change change) {
    Map<String, Object> labels = Collections.singletonMap(change.label().key(), change.value());
    String patch =
        client.getKubernetesSerialization().asJson(Map.of("metadata", Map.of("labels", labels)));
    client
        .nodes()
        .withName(change.label().node())
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private void written(Change change) {
    lock.lock();
    try {
      added(change.label());
    } finally {
      lock.unlock();
    }
  }

  private void again(Change change) {
    lock.lock();
    try {
      due.putIfAbsent(change.label(), change);
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration length) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = length.toNanos();
      while (!closed && left > 0) {
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    if (writer != null) {
      writer.interrupt();
    }
  }
}

package dev.corvid.operator.testing;

import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Nodes of one release that do at once what they are told, and remember what is active. */
public final class TestNodes implements BiFunction<String, Grant, NodeReport> {
  private final Map<String, Content> active = new ConcurrentHashMap<>();
  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();
  private volatile Content bad;

  /** From now on these nodes fail to get that revision. */
  public void fail(Content revision, String... nodes) {
    bad = revision;
    broken.addAll(Set.of(nodes));
  }

  @Override
  public NodeReport apply(String node, Grant grant) {
    if (grant.action() == Action.REMOVE) {
      active.remove(node);
      removed.add(node);
      return TestTracker.report(grant, State.REMOVED, null, null);
    }
    if (grant.content().equals(bad) && broken.contains(node)) {
      return TestTracker.report(grant, State.FAILED, null, digest(node));
    }
    if (grant.action() == Action.ACTIVATE) {
      active.put(node, grant.content());
    }
    boolean serves = grant.content().equals(active.get(node));
    String held = grant.content().manifestDigest();
    return TestTracker.report(grant, serves ? State.ACTIVE : State.VERIFIED, held, digest(node));
  }

  /** The nodes that were ever told to remove the release. */
  public Set<String> removed() {
    return removed;
  }

  private String digest(String node) {
    Content content = active.get(node);
    return content == null ? null : content.manifestDigest();
  }

  /** The nodes on which a revision is active. */
  public Set<String> serving(Content revision) {
    Set<String> nodes = new TreeSet<>();
    active.forEach(
        (node, content) -> {
          if (content.equals(revision)) {
            nodes.add(node);
          }
        });
    return nodes;
  }
}

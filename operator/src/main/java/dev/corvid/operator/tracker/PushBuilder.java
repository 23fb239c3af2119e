package dev.corvid.operator.tracker;

import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers what one push carries, up to so many bytes of JSON; at least one thing fits. */
final class PushBuilder {
  /** What is around a grant's payload: its key, its signature, names of fields. */
  private static final int GRANT = 192;

  private static final int RELEASE = 320;
  private static final int NODE = 96;

  private final List<Push.Release> releases = new ArrayList<>();
  private final List<String> forgotten = new ArrayList<>();
  private final Map<String, Push.Node> nodes = new HashMap<>();
  private final int limit;
  private int size;

  PushBuilder(int limit) {
    this.limit = limit;
  }

  boolean add(Push.Release release) {
    if (!takes(sizeOf(release))) {
      return false;
    }
    releases.add(release);
    return true;
  }

  boolean forget(String releaseUid) {
    if (!takes(releaseUid.length() + 4)) {
      return false;
    }
    forgotten.add(releaseUid);
    return true;
  }

  boolean add(String node, Push.Node place) {
    if (!takes(node.length() + NODE)) {
      return false;
    }
    nodes.put(node, place);
    return true;
  }

  private boolean takes(int bytes) {
    boolean first = releases.isEmpty() && forgotten.isEmpty() && nodes.isEmpty();
    if (!first && size + bytes > limit) {
      return false;
    }
    size += bytes;
    return true;
  }

  Push build(String instance, long after, boolean complete) {
    return new Push(instance, after, complete, releases, forgotten, nodes);
  }

  /** The release in parts that are each below the limit, one grant each if need be. */
  static Deque<Push.Release> cut(Push.Release release, int limit) {
    Deque<Push.Release> parts = new ArrayDeque<>();
    List<SignedGrant> grants = new ArrayList<>();
    int size = RELEASE;
    for (SignedGrant grant : release.grants()) {
      int bytes = sizeOf(grant);
      if (!grants.isEmpty() && size + bytes > limit) {
        parts.add(part(release, grants, parts.size(), true));
        grants.clear();
        size = RELEASE;
      }
      grants.add(grant);
      size += bytes;
    }
    parts.add(part(release, grants, parts.size(), false));
    return parts;
  }

  private static Push.Release part(
      Push.Release release, List<SignedGrant> grants, int number, boolean more) {
    return new Push.Release(release.releaseUid(), grants, release.seeder(), number, more);
  }

  private static int sizeOf(Push.Release release) {
    return release.grants().stream().mapToInt(PushBuilder::sizeOf).sum() + RELEASE;
  }

  /** The payload is JSON within JSON: each of its quotes is escaped. */
  private static int sizeOf(SignedGrant grant) {
    String payload = grant.payload();
    int quotes = 0;
    for (int at = payload.indexOf('"'); at >= 0; at = payload.indexOf('"', at + 1)) {
      quotes++;
    }
    return payload.length() + quotes + GRANT;
  }
}

package dev.corvid.tracker;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.NodeReport;
import java.util.HashMap;
import java.util.Map;

/** What the tracker knows of one node's peer: where it listens and what it last said. */
final class Peer {
  final String node;
  final Map<String, NodeReport> reports = new HashMap<>();
  Endpoint endpoint;
  long heardNanos;
  boolean silent;

  Peer(String node) {
    this.node = node;
  }
}

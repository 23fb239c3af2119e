package dev.corvid.tracker.fleet;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.Endpoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Where peers are: at their pods' IPs, in the operator's words; before it has any for a node, where
 * that node's peer speaks from. Not thread-safe.
 */
final class PeerAddresses {
  private final Map<String, String> pods = new HashMap<>();

  /** The IP of a node's pod; empty when there is none. */
  void pod(String node, String address) {
    if (address.isEmpty()) {
      pods.remove(node);
    } else {
      pods.put(node, address);
    }
  }

  String of(NodeRecord peer) {
    Endpoint heard = requireNonNull(peer.endpoint, "who is in a swarm has named its port");
    return new Endpoint(pods.getOrDefault(peer.node, heard.address()), heard.port()).toString();
  }
}

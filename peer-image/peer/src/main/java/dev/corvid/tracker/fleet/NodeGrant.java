package dev.corvid.tracker.fleet;

import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One release's grant for one node.
 *
 * @param grant as the operator signed it
 * @param swarm that the node is in for it; null for a removal
 */
record NodeGrant(SignedGrant grant, @Nullable String swarm) {
  /**
   * Each node's grant in a pushed release. The tracker decides nothing by a grant: it reads the
   * names and leaves the signature to the nodes.
   *
   * @throws WireException when a grant is malformed, of another release, or a second one for a node
   */
  static Map<String, NodeGrant> byNode(Push.Release release) throws WireException {
    Map<String, NodeGrant> byNode = new HashMap<>();
    for (SignedGrant signed : release.grants()) {
      Grant grant = signed.unverified();
      if (!grant.releaseUid().equals(release.releaseUid())) {
        throw new WireException(
            "release " + release.releaseUid() + " carries a grant of " + grant.releaseUid());
      }
      var granted = new NodeGrant(signed, grant.swarm());
      for (String node : grant.nodes()) {
        if (byNode.put(node, granted) != null) {
          throw new WireException(
              "release " + release.releaseUid() + " has two grants for node " + node);
        }
      }
    }
    return byNode;
  }
}

package dev.corvid.node.torrent;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.wire.grant.Grant;

/**
 * A content and the swarm in which its holders meet. One content can be in several swarms: those of
 * namespaces that share nothing.
 */
public record SwarmMembership(SwarmId swarm, InfoHash content) {
  /** What a grant that wants something held asks for. */
  public static SwarmMembership of(Grant grant) {
    return new SwarmMembership(
        SwarmId.ofHex(requireNonNull(grant.swarm(), "what is held has a swarm")),
        InfoHash.ofHex(grant.wanted().infoHash()));
  }

  @Override
  public String toString() {
    return content + " in swarm " + swarm;
  }
}

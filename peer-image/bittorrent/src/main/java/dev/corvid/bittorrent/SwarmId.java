package dev.corvid.bittorrent;

import dev.corvid.bittorrent.metainfo.InfoHash;

/**
 * What the handshake carries where BEP 3 has the info-hash: the name under which peers meet. It is
 * the info-hash itself in a public swarm. In a cluster it is derived from the info-hash under a key
 * of those who may share the content ({@code dev.corvid.wire.grant.SwarmKey}), so that neither
 * knowing a content nor knowing its info-hash opens a connection. What is fetched is always checked
 * against the info-hash, whatever the swarm is called. Immutable.
 */
public record SwarmId(InfoHash bytes) {
  public static final int LENGTH = InfoHash.LENGTH;

  /** The swarm that BEP 3 has for a torrent. */
  public static SwarmId of(InfoHash infoHash) {
    return new SwarmId(infoHash);
  }

  /**
   * @throws IllegalArgumentException unless it is 40 hexadecimal digits
   */
  public static SwarmId ofHex(String hex) {
    return new SwarmId(InfoHash.ofHex(hex));
  }

  /** 40 lower-case hexadecimal digits. */
  public String hex() {
    return bytes.hex();
  }

  @Override
  public String toString() {
    return hex();
  }
}

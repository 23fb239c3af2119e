/**
 * The swarm engine: connections, policy, piece verification and limits over BitTorrent (BEP 3, 6,
 * 9, 10).
 *
 * <p>Here live the wire, the selector threads and the pure policy that decides who is served and
 * what is fetched. A torrent's bytes are somebody else's: they arrive at and come from a {@link
 * Storage}. Nothing here knows revisions, trackers, grants or Kubernetes; neighbours are given by
 * the caller. Network input is hostile: every length is checked before memory is taken.
 */
package dev.corvid.bittorrent;

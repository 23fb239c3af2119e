/**
 * The contract between the BitTorrent engine (BEP 3, 6, 9, 10) and its users: options, the storage
 * and the listener that a torrent is given, its figures, ids.
 *
 * <p>It is entered by {@code Swarm} and {@code Torrent} of {@code swarm}; metainfo and announces
 * are packages beside. All other packages are the engine's own. Nothing here knows revisions,
 * grants or Kubernetes; peers are given by the caller. Network input is hostile: every length is
 * checked before memory is taken.
 */
@NullMarked
package dev.corvid.bittorrent;

import org.jspecify.annotations.NullMarked;

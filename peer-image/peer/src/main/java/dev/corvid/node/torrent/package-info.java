/**
 * The torrents in which this node takes part, and how they reach the releases.
 *
 * <p>What lives here: a torrent with its storage, which release owns which swarm, traffic counters,
 * and the events that an agent waits for. What must not: what an event leads to, which the release
 * decides; connections, which are the engine's.
 */
@NullMarked
package dev.corvid.node.torrent;

import org.jspecify.annotations.NullMarked;

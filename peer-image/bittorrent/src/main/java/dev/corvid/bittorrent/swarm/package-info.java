/**
 * The engine's entry, {@link dev.corvid.bittorrent.swarm.Swarm} and {@link
 * dev.corvid.bittorrent.swarm.Torrent}, and what puts a torrent together from connections, pieces
 * and policy. All other packages are below it.
 */
@NullMarked
package dev.corvid.bittorrent.swarm;

import org.jspecify.annotations.NullMarked;

/**
 * The decisions of a torrent: which piece is requested from which peer, which peers are unchoked,
 * what a super-seed reveals. Pure: events and the time go in, actions come out, so that a
 * simulation runs the same classes. Knows no other package.
 */
@NullMarked
package dev.corvid.bittorrent.policy;

import org.jspecify.annotations.NullMarked;

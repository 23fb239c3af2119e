/**
 * The addresses of peers: when one may be dialled, which are banned, which connection gives way
 * when all places are taken. Pure, except for the counters. No sockets.
 */
@NullMarked
package dev.corvid.bittorrent.peers;

import org.jspecify.annotations.NullMarked;

/**
 * Pieces between the wire and the storage: partial pieces, their hashing beside the loop, and who
 * is to blame for a corrupt one (smart ban). No sockets.
 */
@NullMarked
package dev.corvid.bittorrent.pieces;

import org.jspecify.annotations.NullMarked;

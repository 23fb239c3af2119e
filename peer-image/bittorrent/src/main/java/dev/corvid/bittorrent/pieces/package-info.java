/**
 * Pieces between the wire and the storage: partial pieces, their hashing beside the loop, and who
 * is to blame for a corrupt one (smart ban). No sockets.
 */
package dev.corvid.bittorrent.pieces;

/**
 * Messages as they are on the wire, each with its decoding beside its encoding: handshake,
 * messages, extension handshake, ut_metadata. Lengths and numbers of messages are bounded here. No
 * sockets, no state of a torrent.
 */
@NullMarked
package dev.corvid.bittorrent.wire;

import org.jspecify.annotations.NullMarked;

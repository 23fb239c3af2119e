/**
 * The content of a torrent file: bencode, info-hashes, metainfo (BEP 3, BEP 47) and piece hashing.
 *
 * <p>Every reader here takes input from strangers: it is bounded, checks a length before it
 * allocates, and refuses what BEP 3 does not allow. No sockets and no knowledge of peers live here;
 * nothing here writes to disk.
 */
@NullMarked
package dev.corvid.bittorrent.metainfo;

import org.jspecify.annotations.NullMarked;

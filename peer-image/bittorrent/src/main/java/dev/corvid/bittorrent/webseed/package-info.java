/**
 * Web seeds (BEP 19) as sources of pieces. Reports to its torrent by {@link
 * dev.corvid.bittorrent.webseed.WebSeedListener}.
 */
@NullMarked
package dev.corvid.bittorrent.webseed;

import org.jspecify.annotations.NullMarked;

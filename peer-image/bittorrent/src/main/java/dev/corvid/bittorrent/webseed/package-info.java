/**
 * Web seeds (BEP 19) as sources of pieces. Reports to its torrent by {@link
 * dev.corvid.bittorrent.webseed.WebSeedListener}.
 */
package dev.corvid.bittorrent.webseed;

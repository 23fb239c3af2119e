/**
 * Fetches info dictionaries from peers (BEP 9) within a bound of memory for the whole process. What
 * serves them is a torrent.
 */
package dev.corvid.bittorrent.metadata;

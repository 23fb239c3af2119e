/**
 * Fetches info dictionaries from peers (BEP 9) within a bound of memory for the whole process. What
 * serves them is a torrent.
 */
@NullMarked
package dev.corvid.bittorrent.metadata;

import org.jspecify.annotations.NullMarked;

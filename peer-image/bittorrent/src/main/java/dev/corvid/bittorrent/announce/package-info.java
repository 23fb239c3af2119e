/**
 * Finding peers by a BitTorrent tracker: announce and scrape (BEP 3, 7, 12, 23, 48).
 *
 * <p>What lives here: the messages and the client. What must not: connections to peers, grants and
 * nodes. A tracker does not authenticate clients, so nothing that needs trust is decided here.
 */
@NullMarked
package dev.corvid.bittorrent.announce;

import org.jspecify.annotations.NullMarked;

/**
 * Finding peers by a BitTorrent tracker: announce and scrape (BEP 3, 7, 12, 23, 48), both ends.
 *
 * <p>What lives here: the messages, the client, the tracker's memory and its HTTP service. What
 * must not: connections to peers, grants and nodes; those who announce here are not authenticated,
 * so nothing that needs trust is decided here.
 */
package dev.corvid.announce;

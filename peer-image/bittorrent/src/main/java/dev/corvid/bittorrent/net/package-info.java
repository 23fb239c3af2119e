/**
 * Connections: the selector loop, the listener, outgoing connections, handshakes, what is sent and
 * received, rate limits. Reports to its torrent by two interfaces, {@link
 * dev.corvid.bittorrent.net.TorrentEndpoint} and {@link
 * dev.corvid.bittorrent.net.ConnectionListener}, and knows neither policy nor torrent.
 */
@NullMarked
package dev.corvid.bittorrent.net;

import org.jspecify.annotations.NullMarked;

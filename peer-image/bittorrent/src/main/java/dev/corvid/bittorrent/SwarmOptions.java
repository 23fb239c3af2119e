package dev.corvid.bittorrent;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How one process takes part in swarms.
 *
 * @param listen where to accept peers; port 0 lets the kernel choose
 * @param downloadLimit bytes per second over all torrents, 0 is unlimited
 * @param uploadLimit bytes per second over all torrents, 0 is unlimited
 * @param threads selector threads; a torrent lives on one of them
 * @param maxPendingHandshakes accepted connections whose handshake is pending; for more the oldest
 *     of the address that has most is closed
 * @param maxConnectionsPerAddress per torrent and remote address, and pending; loopback addresses
 *     are held to the torrent's bound
 * @param dialTimeout for a TCP connection to come up
 * @param handshakeTimeout for the other side to say its whole handshake
 * @param largestBlock bytes of the largest block asked of peers that are Corvid too, a power of two
 *     between 16 KiB and 1 MiB
 * @param host the machine's name, of which only a digest is sent: a seeder and a peer on one
 *     machine share its link, and arrange themselves; empty for none
 */
public record SwarmOptions(
    InetSocketAddress listen,
    long downloadLimit,
    long uploadLimit,
    int threads,
    int maxPendingHandshakes,
    int maxConnectionsPerAddress,
    Duration dialTimeout,
    Duration handshakeTimeout,
    int largestBlock,
    String host) {

  public SwarmOptions {
    if (downloadLimit < 0 || uploadLimit < 0) {
      throw new IllegalArgumentException("A limit is negative; 0 means unlimited.");
    }
    if (threads < 1 || maxPendingHandshakes < 1 || maxConnectionsPerAddress < 1) {
      throw new IllegalArgumentException("Threads and connection bounds must be at least 1.");
    }
    if (Integer.bitCount(largestBlock) != 1 || largestBlock < 16 << 10 || largestBlock > 1 << 20) {
      throw new IllegalArgumentException(
          "The largest block must be a power of two between 16 KiB and 1 MiB.");
    }
  }

  /** Sensible settings for a node in a data centre. */
  public static SwarmOptions listeningOn(InetSocketAddress listen) {
    var threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 2);
    return new SwarmOptions(
        listen, 0, 0, threads, 128, 8, Duration.ofSeconds(2), Duration.ofSeconds(5), 256 << 10, "");
  }

  /** Bytes per second over all torrents, 0 is unlimited. */
  public SwarmOptions withLimits(long download, long upload) {
    return new SwarmOptions(
        listen,
        download,
        upload,
        threads,
        maxPendingHandshakes,
        maxConnectionsPerAddress,
        dialTimeout,
        handshakeTimeout,
        largestBlock,
        host);
  }

  /** The same, on the machine of that name. */
  public SwarmOptions onHost(String name) {
    return new SwarmOptions(
        listen,
        downloadLimit,
        uploadLimit,
        threads,
        maxPendingHandshakes,
        maxConnectionsPerAddress,
        dialTimeout,
        handshakeTimeout,
        largestBlock,
        name);
  }
}

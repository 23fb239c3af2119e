package dev.corvid.e2e.scenario.fault;

import dev.corvid.e2e.cluster.Cluster;
import java.util.regex.Pattern;

/**
 * What leaves a node's pods as BitTorrent is changed, one packet in so many, until this is closed:
 * the kernel overwrites four bytes of the payload before it computes the checksum.
 */
record BadWire(Cluster cluster, String node) implements AutoCloseable {
  private static final String TABLE = "corvid_bad_wire";

  /** The first of so many large packets; not one of the handshake's. */
  private static final int ONE_OF = 200;

  private static final Pattern PACKETS = Pattern.compile("counter packets (\\d+)");

  BadWire {
    nft(cluster, node, "add table ip " + TABLE);
    nft(
        cluster,
        node,
        "add chain ip %s forward { type filter hook forward priority 0; }".formatted(TABLE));
    nft(
        cluster,
        node,
        ("add rule ip %s forward tcp sport 6881 meta length > 1400 numgen inc mod %d == 50"
                + " @th,8000,32 set 0xdeadbeef counter")
            .formatted(TABLE, ONE_OF));
  }

  /** Packets so far. */
  long changed() {
    var packets = PACKETS.matcher(nft(cluster, node, "list table ip " + TABLE));
    return packets.find() ? Long.parseLong(packets.group(1)) : 0;
  }

  @Override
  public void close() {
    nft(cluster, node, "delete table ip " + TABLE);
  }

  private static String nft(Cluster cluster, String node, String statement) {
    return cluster.on(node, "nft", statement).run();
  }
}
